"""Fills a form in through LibreOffice, as a unit would, and saves it in several formats. Run by a Python with uno.

Arguments: port, form, folder, and a JSON file: [[sheet, cell, text as it is typed], …], the formats to save in, and
what is sorted then: [[sheet, range with its heading, column of the range from 0], …].
"""

import json
import os
import sys
import time
from pathlib import Path

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}


def desktop(port: str) -> object:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.25)
    raise TimeoutError("LibreOffice does not answer")


def option(name: str, value: object) -> object:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def sort(cells: object, column: int) -> None:
    key = uno.createUnoStruct("com.sun.star.table.TableSortField")
    key.Field, key.IsAscending = column, False
    fields = uno.Any("[]com.sun.star.table.TableSortField", (key,))
    uno.invoke(cells, "sort", ((option("SortFields", fields), option("ContainsHeader", True)),))


def main(port: str, form: str, folder: str, script: str) -> None:
    plan = json.loads(Path(script).read_text(encoding="utf-8"))
    office = desktop(port)
    document = office.loadComponentFromURL(Path(form).as_uri(), "_blank", 0, (option("Hidden", True),))
    for sheet, cell, typed in plan["typed"]:
        # what the input line does with what is typed: numbers, percentages and dates are recognised
        document.Sheets.getByName(sheet).getCellRangeByName(cell).FormulaLocal = typed
    for sheet, cells, column in plan.get("sorted", ()):
        sort(document.Sheets.getByName(sheet).getCellRangeByName(cells), column)
    document.calculateAll()
    for format in plan["formats"]:
        target = (Path(folder) / f"{Path(form).stem}.{format}").as_uri()
        document.storeToURL(target, (option("FilterName", FILTERS[format]),))
    document.close(True)
    office.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
    # all is saved; taking down the bridge to an office that is gone can crash this Python
    os._exit(0)
