"""Run by LibreOffice's own Python: opens a ledger, does what people do to it, saves it again.

Arguments: pipe name, address of the workbook. Types two scores, inserts a column, sorts, filters, sets a row's height.
"""

import sys
import time

import uno
from com.sun.star.beans import PropertyValue


def value(name, content):
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.2)
    raise SystemExit("LibreOffice did not answer")


def column(sheet, title):
    for index in range(60):
        if sheet.getCellByPosition(index, 0).getString() == title:
            return index
    raise SystemExit(f"no column {title}")


def row(sheet, code, id):
    at, other = column(sheet, "单位代码"), column(sheet, "细则")
    for index in range(1, 2000):
        cells = [sheet.getCellByPosition(each, index).getString() for each in (at, other)]
        if cells == [code, id]:
            return index
    raise SystemExit(f"no row {code} {id}")


def sort(sheet, by, last_row):
    last = column(sheet, "原填内容")
    cells = sheet.getCellRangeByPosition(0, 0, last, last_row)
    key = uno.createUnoStruct("com.sun.star.table.TableSortField")
    key.Field, key.IsAscending = by, False
    fields = uno.Any("[]com.sun.star.table.TableSortField", (key,))
    uno.invoke(cells, "sort", ((value("SortFields", fields), value("ContainsHeader", True)),))


def main(pipe, url):
    context = connect(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL(url, "_blank", 0, (value("Hidden", True),))
    sheet = document.Sheets.getByName("评分明细")
    last = 14 * 32
    sheet.getCellByPosition(column(sheet, "考核分"), row(sheet, "330102", "1.4.1")).setValue(6.25)
    sheet.getCellByPosition(column(sheet, "考核分"), row(sheet, "HEDA", "2.10.1")).setFormula("=1.5+2")
    sheet.Columns.insertByIndex(3, 1)
    sheet.getCellByPosition(3, 0).setString("初评")
    sheet.getCellByPosition(3, row(sheet, "330103", "1.5.1")).setString("良")
    sort(sheet, column(sheet, "自评分"), last)
    sheet.Rows.getByIndex(5).Height = 3000
    cells = sheet.getCellRangeByPosition(0, 0, column(sheet, "原填内容"), last)
    descriptor = cells.createFilterDescriptor(True)
    wanted = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
    wanted.Field, wanted.IsNumeric, wanted.StringValue = column(sheet, "单位"), False, "上城区"
    wanted.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
    descriptor.ContainsHeader = True
    descriptor.setFilterFields((wanted,))
    cells.filter(descriptor)
    verified = document.Sheets.getByName("数据核定")
    verified.getCellByPosition(column(verified, "核定值"), 3).setValue(123.5)
    document.storeToURL(url, (value("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)
    desktop.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
