"""Run the program as ``python -m kaohe_cli``."""

from kaohe_cli.cli import main

if __name__ == "__main__":
    main()
