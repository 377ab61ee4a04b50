"""方案.xlsx: a notice written down in a workbook, the other face of the records that TOML holds."""
