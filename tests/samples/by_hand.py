"""The points of the 14 sample units, worked out by hand from the notice and samples/data.toml.

Not produced by the program: each figure below was found by reading the clause and the unit's figures. The columns
of RULES are 1.1.1 … 1.1.6, 1.2.1 … 1.2.5 and 1.3.1 … 1.3.7.
"""

from decimal import Decimal

# code: 1.1 (sales, over 5%, each 50, invest 12%, energy, energy over) | 1.2 (five of 2) | 1.3 (2 1 2 2 1 1 1)
RULES = {
    "330102": "4 0 0 4 4 0    2 2 2 2 2  2 1 2 2 1 1 1",  # 318 of 310; energy 5.0 of 5; 土地盘活、小火电无任务
    "330103": "0 0 0 0 3 0    2 2 0 0 2  2 1 2 0 1 1 1",  # 119.8 of 121; 1.30 of 1.344; energy 0.8 short
    "330104": "4 0 0 4 4 0    2 2 2 2 2  2 1 2 2 1 0 1",  # 185 of 178; 6.72 is 12% to the cent; energy 0.99 over
    "330105": "4 0 1 0 4 0.5  2 0 2 2 2  2 1 2 2 1 1 1",  # 451.49, a hair under 451.5; growth 71.49; 5.59 of 5.6
    "330106": "4 1 1 4 4 1    2 2 2 2 2  2 1 2 2 1 1 1",  # growth exactly 50; energy 2.3 over
    "330108": "4 1 1 4 4 2    2 2 2 2 2  2 1 2 2 1 1 1",  # energy 5.5 over: 2.5, limited to 2
    "330109": "4 1 8 4 4 0    2 2 2 2 2  2 1 2 2 1 1 1",  # growth 427.5: eight whole steps; energy 0.6 over
    "330110": "4 1 3 4 4 0.5  2 2 2 2 2  2 1 2 2 1 1 1",  # 903 is 860 × 1.05 exactly; growth 163; energy 1.4 over
    "330122": "4 0 0 4 3 0    2 2 2 2 2  2 1 2 2 0 1 1",  # energy 3.5 of 4: half a point short, counts whole
    "330127": "4 0 0 0 0 0    0 2 2 2 2  2 1 0 2 1 1 1",  # 64 of 64; energy 3.1 short: four points off; 无任务
    "330182": "0 0 0 4 4 0    2 2 2 2 2  2 1 2 2 1 1 1",  # 184.99 of 185; energy 4.0 of 4
    "330183": "4 1 2 4 4 1.5  2 2 2 2 2  2 1 2 2 1 1 1",  # growth 120; energy 3.05 over
    "330185": "0 0 0 4 4 0.5  2 2 2 2 2  2 0 2 2 1 1 1",  # 335 of 340: growth of 60 earns nothing
    "HEDA": "4 1 3 4 4 0    2 2 2 2 2  2 1 2 2 1 1 1",  # 1010 of 1008; growth 160; energy 0.2 over
}

# code: class one, class two, of these bonuses, total
TOTALS = {
    "330102": ("51.50", "35.50", "0", "87.00"),
    "330103": ("34.80", "32.80", "0", "67.60"),
    "330104": ("48.20", "31.80", "0", "80.00"),
    "330105": ("46.60", "35.20", "1.50", "81.80"),
    "330106": ("55.70", "37.10", "3", "92.80"),
    "330108": ("57.20", "38.30", "4", "95.50"),
    "330109": ("62.10", "38.40", "9", "100.50"),
    "330110": ("57.70", "39.05", "4.50", "96.75"),
    "330122": ("48.70", "33.75", "0", "82.45"),
    "330127": ("36.90", "31.30", "0", "68.20"),
    "330182": ("46.80", "32.95", "0", "79.75"),
    "330183": ("57.60", "39.40", "4.50", "97.00"),
    "330185": ("46.60", "34.05", "0.50", "80.65"),
    "HEDA": ("57.60", "37.90", "4", "95.50"),
}

# code: place, grade
PLACES = {
    "330109": (1, "优秀"),
    "330110": (2, "优秀"),
    "330108": (3, "优秀"),
    "HEDA": (3, "优秀"),
    "330106": (5, "达标"),
    "330102": (6, "达标"),
    "330122": (7, "达标"),
    "330105": (8, "达标"),
    "330185": (9, "达标"),
    "330104": (10, "达标"),
    "330182": (11, "未达标"),
    "330127": (12, "未达标"),
    "330103": (13, "未达标"),
    "330183": (None, "一票否决"),
}

CRITERIA = (
    *(f"1.1.{n}" for n in range(1, 7)),
    *(f"1.2.{n}" for n in range(1, 6)),
    *(f"1.3.{n}" for n in range(1, 8)),
)


def rule_points(code: str) -> dict[str, Decimal]:
    """The points of each rule-scored criterion of one unit."""
    return dict(zip(CRITERIA, map(Decimal, RULES[code].split()), strict=True))
