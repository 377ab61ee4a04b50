"""See docs/ARCHITECTURE.md for what this room holds."""

import os

# openpyxl is quicker without lxml, and has one way of writing on every machine; it asks when it is imported
os.environ.setdefault("OPENPYXL_LXML", "False")
