"""Schemes at random, as TOML text: any frame, every rule kind and option, mostly sound by construction.

Whatever is drawn comes from a ``random.Random``; hypothesis has one that it can shrink (``st.randoms``).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

Table = dict[str, Any]

CENT = Decimal("0.01")
UNITS = ("", "亿元", "%", "个", "家", "人次", "千瓦时/万元")
KINDS = ("区", "县（市）", "开发区")
GRADES = ("优秀", "良好", "合格", "不合格")


def toml(raw: Table) -> str:
    """``raw`` as TOML: what is no list of tables first, as TOML asks."""
    ordered = sorted(raw.items(), key=lambda each: _is_tables(each[1]))
    return "".join(f"{line}\n" for key, value in ordered for line in _entries(key, value))


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _entries(key: str, value: Any) -> Iterator[str]:
    if _is_tables(value):
        for each in value:
            yield f"\n[[{key}]]"
            yield from (f"{name} = {_inline(part)}" for name, part in each.items())
    else:
        yield f"{key} = {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value) if isinstance(value, int) else f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_inline(key)} = {_inline(part)}' for key, part in value.items())} }}"
    return f"[{', '.join(map(_inline, value))}]"


# what a frame comes to, without the program ---------------------------------------------------------------


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def together(frame: Table, parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Points of ``parts`` (points, weight), before any limit."""
    parts = list(parts)
    values = [points for points, _ in parts]
    return {
        "sum": lambda: sum(values, Decimal(0)),
        "weighted": lambda: cents(sum((points * weight for points, weight in parts), Decimal(0))),
        "mean": lambda: cents(sum(values, Decimal(0)) / max(len(values), 1)),
        "least": lambda: min(values, default=Decimal(0)),
    }[frame.get("combine", "sum")]()


def limited(frame: Table, points: Decimal, further: Decimal | None = None) -> Decimal:
    for cap in (frame.get("cap"), further):
        points = points if cap is None else min(points, cap)
    return points if frame.get("floor") is None else max(points, frame["floor"])


def weight(frame: Table) -> Decimal:
    return Decimal(frame.get("weight", 1))


def parts_of(raw: Table, id: str) -> list[Table]:
    items = [each for each in raw["item"] if each.get("section", "") == id]
    return items + [each for each in raw.get("section", []) if each.get("of", "") == id]


def fulls(raw: Table) -> dict[str, Decimal | None]:
    """What each item, section and the whole (empty) comes to in full by its parts; None: nothing has points."""
    found: dict[str, Decimal | None] = {}

    def full(node: Table) -> Decimal | None:
        if "criterion" in node:
            own = [each["points"] for each in node["criterion"] if not each.get("bonus") and each.get("points")]
            found[node["id"]] = together(node, ((each, Decimal(1)) for each in own)) if own else None
        else:
            below = [(full(each), weight(each)) for each in parts_of(raw, node["id"])]
            known = [(points, heavy) for points, heavy in below if points is not None]
            found[node["id"]] = together(node, known) if known else None
        declared: Decimal | None = node.get("points")
        return found[node["id"]] if declared is None else declared

    full({"id": "", **{key: value for key, value in raw.get("whole", {}).items() if key != "points"}})
    return found


def changed(raw: Table, change: Mapping[str, Any]) -> Table:
    """``raw`` with what an option or a kind of units changes, of the forms that are written here."""
    fresh: Table = {**raw}
    for room, patch in change.items():
        if room in ("policy", "whole"):
            fresh[room] = {**raw.get(room, {}), **patch}
        elif room == "criterion":
            fresh["item"] = [
                {**item, "criterion": [_patched(each, patch.get(each["id"], {})) for each in item["criterion"]]}
                for item in fresh["item"]
            ]
        elif room != "evidence":
            fresh[room] = [
                _patched(each, patch.get(each["title" if room == "grade" else "id"], {})) for each in fresh[room]
            ]
    return fresh


def _patched(entry: Table, patch: Table) -> Table:
    return {**entry, **{key: value for key, value in patch.items() if key != "replace"}, **patch.get("replace", {})}


# one scheme ------------------------------------------------------------------------------------------------


class Author:
    """Writes one scheme with the chances of ``random``."""

    def __init__(self, random: Random, units: int | None = None) -> None:
        self.random = random
        self.measures: list[Table] = []
        self.bases: list[Table] = []
        self.items: list[Table] = []
        self.clauses: list[str] = []
        self.number = 0
        self.units = units

    # chances

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def count(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def points(self, least: int = 1, most: int = 20) -> Decimal:
        whole = self.count(least, most)
        return Decimal(whole) + (self.pick(Decimal("0.5"), Decimal("0.25"), Decimal("0.01")) if self.chance(0.2) else 0)

    def share(self) -> Decimal:
        return Decimal(self.count(1, 150)) / 100

    def maybe(self, chance: float, /, **keys: Any) -> Table:
        return keys if self.chance(chance) else {}

    def next(self) -> int:
        self.number += 1
        return self.number

    # measures

    def measure(self, item: str, *names: str, by_base: bool = False) -> str:
        """A new measure with these figures; with ``by_base`` all of them are 0 or more."""
        number = self.next()
        id = f"m{number}"
        figures = {name: self.figure(id, name, by_base) for name in names}
        counted = any(figure.get("whole") for figure in figures.values())
        held: Table = {
            "id": id,
            "item": item,
            "title": f"第{number}项{self.pick('产值', '增速', '事故起数', '下降率', '到位资金')}",
            **self.maybe(0.8, unit=self.pick("个", "家", "起") if counted else self.pick(*UNITS)),
            **self.maybe(0.1, note="按统计部门的口径填写"),
            **figures,
        }
        if self.chance(0.3) and "done" not in names:
            held["band"] = self.band(names, held.get("unit", ""), counted)
        self.measures.append(held)
        return id

    def band(self, names: tuple[str, ...], unit: str, counted: bool) -> Table:
        low, high = (Decimal(-50), Decimal(50)) if unit == "%" else (Decimal("0.5"), Decimal(3))
        band: Table = {}
        if self.chance(0.4):
            band["range"] = [Decimal(0), Decimal(self.count(10, 400))]
        if {"actual", "prior"} <= {*names} and self.chance(0.5):
            band["growth"] = [low, high]
        if {"actual", "target"} <= {*names} and self.chance(0.5):
            band["target"] = [low, 1 if unit != "%" else 30]
        if self.chance(0.3):
            band["slack"] = Decimal(self.count(1, 5))
        return band

    def figure(self, id: str, name: str, by_base: bool) -> Table:
        if name == "done":
            return {**self.maybe(0.4, words=["已建成", "未建成"]), **self.maybe(0.4, waivable=True)}
        by = (
            self.pick("unit", "unit", "either", "office")
            if name == "actual"
            else self.pick("office", "office", "unit", "either")
        )
        bounded = by_base or self.chance(0.5)
        whole = self.chance(0.3)
        if name != "actual" and not self.bases and self.chance(0.1) and not whole:
            by = "basis"
            self.bases.append(self.basis(f"{id}.{name}"))
        return {
            **({"by": by} if by != "unit" or self.chance(0.2) else {}),
            **({"min": Decimal(0), **self.maybe(0.8, max=Decimal(self.count(100, 1000)))} if bounded else {}),
            **({"whole": True} if whole else {}),
            **self.maybe(0.2, label=self.pick("计划数", "按期办结件数") + name),
            **(self.maybe(0.3, waivable=True) if by in ("office", "either") else {}),
            **self.maybe(0.1, phrase=f"{self.pick('全市', '累计')}第{self.number}项数字{name}"),
        }

    def basis(self, figure: str) -> Table:
        return {
            "id": f"b{self.next()}",
            "figure": figure,
            "clause": "",
            "question": "以哪个数为依据？",
            "option": [
                {"id": "a", "label": "单位产值能耗", "value": Decimal("4.5")},
                {"id": "b", "label": "单位用地能耗", "value": 3},
            ],
        }

    def plain(self, item: str) -> str:
        """A figure alone."""
        return f"{self.measure(item, 'actual', *self.maybe(0.3, prior=1), *self.maybe(0.3, target=1))}.actual"

    def pair(self, item: str) -> tuple[str, str]:
        """A figure, and one that it can be divided by."""
        other = self.pick("prior", "target")
        id = self.measure(item, "actual", other, by_base=True)
        return f"{id}.actual", f"{id}.{other}"

    def subject(self, item: str) -> Table:
        """A figure, or its share of another, as rules name it."""
        if self.chance(0.4):
            return {"left": self.plain(item)}
        left, right = self.pair(item)
        return {"left": left, "right": right}

    def condition(self, item: str, done: bool = True) -> Table:
        if done and self.chance(0.15):
            return {"left": f"{self.measure(item, 'done')}.done", "compare": "done"}
        if self.chance(0.4):
            return {
                "left": self.plain(item),
                "compare": self.pick(">=", ">", "<=", "<", "="),
                "number": self.count(0, 100),
            }
        left, right = self.pair(item)
        if self.chance(0.2):
            return {"left": left, "compare": "=", "right": right}
        compare = self.pick(">=", ">", "<=", "<")
        times = self.maybe(0.3, right_times=self.share())
        if self.chance(0.3):
            left, right = right, left
        return {"left": left, "compare": compare, "right": right, **times, **self.maybe(0.2, share=True)}

    # rules: each gives the rule, and the points that its criterion has by it (None: no limit)

    def rule(self, item: str, kind: str) -> tuple[Table, Decimal | None]:
        rule, points = getattr(self, f"_{kind}")(item)
        return {"kind": kind, **rule}, points

    def _when(self, item: str) -> tuple[Table, Decimal]:
        parts: list[Table] = []
        for _ in range(self.pick(1, 1, 2, 3)):
            points = -self.points() if self.chance(0.25) else self.points()
            also = [self.condition(item) for _ in range(self.pick(0, 0, 0, 1, 2))]
            parts.append(
                {
                    "points": points,
                    **self.maybe(0.2 if points > 0 else 0, otherwise=points - 1),
                    **self.condition(item),
                    **({"also": also, **self.maybe(0.4, any=True)} if also else {}),
                }
            )
        most = sum((max(each["points"], each.get("otherwise", Decimal(0))) for each in parts), Decimal(0))
        return {"parts": parts}, most

    def _count(self, item: str) -> tuple[Table, Decimal | None]:
        signs = self.pick((1,), (1,), (-1,), (1, 1, 1), (1, -1), (-1, -1))
        counts = [{"figure": self.plain(item), "each": sign * self.points(1, 5)} for sign in signs]
        start = (
            self.points(1, 10) if self.chance(0.4) or (signs in ((-1,), (-1, -1)) and self.chance(0.7)) else Decimal(0)
        )
        rule: Table = {"counts": counts, **({"start": start} if start else {})}
        if -1 in signs and self.chance(0.8):
            rule["floor"] = self.pick(Decimal(0), Decimal(-10)) if start else Decimal(-10)
        cap = start + self.points() if 1 in signs and self.chance(0.8) else None
        return {**rule, **({} if cap is None else {"cap": cap})}, cap if 1 in signs else start

    def _step(self, item: str) -> tuple[Table, Decimal | None]:
        loses, percent = self.chance(0.5), self.chance(0.4)
        rule: Table = {
            "step": self.pick(Decimal(1), Decimal(5), Decimal("0.5"), Decimal(3)),
            "count": self.pick("whole", "started", "prorata"),
            "each": (-1 if loses else 1) * self.pick(Decimal(1), Decimal("0.5"), Decimal(2)),
            **({"percent": True} if percent else {}),
        }
        if self.chance(0.3):
            rule |= {"left": self.plain(item), "number": self.count(1, 100)}
        else:
            left, right = self.pair(item)
            rule |= {"left": right, "right": left} if loses and self.chance(0.5) else {"left": left, "right": right}
        start = self.points() if loses or self.chance(0.2) else Decimal(0)
        rule |= {"start": start} if start else {}
        if loses:
            return {**rule, **self.maybe(0.8, floor=Decimal(0))}, start
        cap = start + self.points() if self.chance(0.8) else None
        return {**rule, **({} if cap is None else {"cap": cap})}, cap

    def _line(self, item: str) -> tuple[Table, Decimal | None]:
        subject = self.subject(item)
        low, wide = (Decimal(self.count(0, 80)), Decimal(self.count(1, 60)))
        scale = 100 if "right" in subject else 1
        marks = [self.points(0, 9), self.points(10, 30)]
        if self.chance(0.2):
            marks.reverse()
        rule = {
            **subject,
            "low": {"at": low / scale, "points": marks[0]},
            "high": {"at": (low + wide) / scale, "points": marks[1]},
            **self.maybe(0.6, floor=Decimal(0)),
        }
        cap = max(marks) if self.chance(0.8) else None
        return {**rule, **({} if cap is None else {"cap": cap})}, cap

    def _band(self, item: str) -> tuple[Table, Decimal]:
        subject, falling = self.subject(item), self.chance(0.3)
        scale = 100 if "right" in subject else 1
        at = sorted(self.random.sample(range(1, 120), self.count(1, 4)), reverse=not falling)
        earned = sorted(self.random.sample(range(2, 40), len(at)), reverse=True)
        marks = [
            {"at": Decimal(mark) / scale, "points": Decimal(points), **self.maybe(0.3, strict=True)}
            for mark, points in zip(at, earned, strict=True)
        ]
        below = {"at": marks[-1]["at"], "points": Decimal(self.pick(0, 1, -2))}
        return {
            **subject,
            "marks": marks,
            **self.maybe(0.6, below=below),
            **({"falling": True} if falling else {}),
        }, Decimal(earned[0])

    def _place(self, item: str) -> tuple[Table, Decimal]:
        points = sorted((Decimal(self.count(3, 20)) for _ in range(self.count(1, 4))), reverse=True)
        rule: Table = {**self.subject(item), "points": points, **self.maybe(0.3, low_first=True)}
        if self.chance(0.5):
            rule |= {"drop": self.pick(Decimal(1), Decimal("0.5")), **self.maybe(0.7, floor=Decimal(self.pick(0, 1)))}
        else:
            rule |= self.maybe(0.5, rest=self.pick(Decimal(1), Decimal(-1)))
        return rule, points[0]

    def _peer(self, item: str) -> tuple[Table, Decimal]:
        high = self.points(5, 20)
        low = self.pick(Decimal(0), Decimal(0), Decimal(3))
        same = self.maybe(0.3, same=self.pick(high, low, cents((high + low) / 2)))
        against = self.pick("best", "range", "mean")
        return {
            **self.subject(item),
            "against": against,
            "high": high,
            **({"low": low} if low else {}),
            **same,
            **self.maybe(0.3, falling=True),
        }, high

    def _judged(self, item: str) -> tuple[Table, Decimal | None]:
        points = self.pick(self.points(), self.points(), self.points(), Decimal(0), None)
        least = -self.points() if points == 0 or self.chance(0.1) else Decimal(0)
        rule: Table = {"least": least} if least else {}
        how = self.pick("", "", "full", "marks", "judges", "unit")
        if how == "full" and points:
            rule["full_or_none"] = True
        elif how == "marks" and points:
            given = [points, *sorted({cents(points / part) for part in (2, 4)}, reverse=True)]
            rule["marks"] = [{"label": label, "points": each} for label, each in zip("优良中", given, strict=False)]
        elif how == "judges":
            rule |= {"judges": self.count(3, 7), **self.maybe(0.5, drop=True)}
        elif how == "unit":
            rule["from_unit"] = True
        return rule, points

    def _given(self, item: str) -> tuple[Table, Decimal | None]:
        points = self.pick(self.points(), self.points(), Decimal(0), None)
        return self.maybe(1 if points == 0 else 0.2, least=-self.points()), points

    # the frame

    def criterion(self, item: str, id: str, kind: str) -> Table:
        rule, points = self.rule(item, kind)
        while points is not None and points < 0:
            rule, points = self.rule(item, kind)
        bonus = points is None or (points > 0 and self.chance(0.25))
        return {
            "id": id,
            "title": f"细则{id}",
            "clause": f"细则{id}按规定计分",
            "rule": rule,
            **({} if points is None else {"points": points}),
            **({"bonus": True} if bonus else {}),
        }

    def item(self, id: str, section: str, kinds: tuple[str, ...]) -> Table:
        criteria = [self.criterion(id, f"{id}-{n}", self.pick(*kinds)) for n in range(1, self.pick(1, 1, 2, 3) + 1)]
        said = [each["clause"] for each in criteria]
        held: Table = {
            "id": id,
            **({"section": section} if section else {}),
            **self.maybe(0.2, number=f"{self.number}、"),
            "title": f"项目{id}",
            "content": f"做好项目{id}的工作。",
            "standard": "；".join(said) + "。",
            "criterion": criteria,
            **self.maybe(0.2, combine=self.pick("mean", "least", "sum")),
            **self.limits(),
        }
        if self.chance(0.2):
            test = self.condition(id, done=False)
            held["evidence"] = [{"measure": test["left"].partition(".")[0], "clause": f"做好项目{id}", "test": test}]
        gates = [each for each in criteria if each["rule"]["kind"] == "when"]
        for each in criteria:
            free = [gate["id"] for gate in gates if gate is not each and not gate.get("needs")]
            needed = any(other.get("needs") == each["id"] for other in criteria)
            if free and not needed and each["rule"]["kind"] not in ("judged", "given") and self.chance(0.4):
                each["needs"] = self.pick(*free)
        return held

    def limits(self) -> Table:
        return {**self.maybe(0.1, floor=Decimal(self.pick(0, -5))), **self.maybe(0.1, cap=self.points(5, 30))}

    def sections(self) -> list[Table]:
        depth = self.pick(0, 0, 1, 1, 2, 3)
        made: list[Table] = []

        def grow(of: str, level: int) -> None:
            for n in range(1, self.pick(1, 2, 2, 3, 6 if depth == 1 else 2) + 1):
                id = f"{of}.{n}" if of else self.pick("A", "第", "甲") + str(n)
                made.append(
                    {
                        "id": id,
                        "title": f"{self.pick('类别', '加分项目', '扣分项目')}{id}",
                        **({"of": of} if of else {}),
                        **self.maybe(0.35, combine=self.pick("sum", "weighted", "mean", "least")),
                        **self.limits(),
                    }
                )
                if level < depth and self.chance(0.7):
                    grow(id, level + 1)

        if depth:
            grow("", 1)
        return made

    def weigh(self, raw: Table) -> None:
        frames = {"": raw.get("whole", {}), **{each["id"]: each for each in raw.get("section", [])}}
        for node in (*raw["item"], *raw.get("section", [])):
            above = frames[node.get("section", "") if "criterion" in node else node.get("of", "")]
            if above.get("combine") == "weighted":
                node["weight"] = self.pick(Decimal("0.25"), Decimal("0.6"), Decimal("0.125"), Decimal(1), Decimal(2))

    def grades(self) -> list[Table]:
        titles = GRADES[: self.pick(0, 1, 2, 3, 4)]
        mark, held = Decimal(self.count(40, 95)), []
        for title in titles:
            level: Table = {"title": title}
            if self.chance(0.7):
                level[self.pick("least", "above")] = mark
                mark -= self.count(1, 20)
            level |= self.maybe(0.3, places=self.count(1, 5))
            level |= self.maybe(
                0.3, share=self.pick(Decimal("0.15"), Decimal("0.5"), 1), rounding=self.pick("down", "half", "up")
            )
            level |= {
                **self.maybe(0.3, called=f"{title}单位"),
                **self.maybe(0.3, said=f"授予“{title}单位”称号"),
                **self.maybe(0.3, clause=self.clause(f"评定{title}")),
            }
            held.append(level)
        return held

    def clause(self, text: str) -> str:
        self.clauses.append(text)
        return text

    def test(self) -> Table:
        item = self.items[0]["id"]
        return {self.pick("all", "any"): [self.condition(item) for _ in range(self.count(1, 2))]}

    def vetoes(self, grades: list[Table]) -> list[Table]:
        last = [grades[-1]["title"]] if grades else []
        how = self.pick((), ("finding",), ("figure",), ("figure", "finding"), ("figure", "figure"))
        return [
            {
                "id": f"v{n}",
                "clause": "",
                **self.maybe(0.3, title="安全生产一票否决"),
                **self.maybe(0.4, grade=self.pick("不予评定", *last)),
                **({"test": self.test()} if each == "figure" else {}),
            }
            for n, each in enumerate(how)
        ]

    def declared(self, raw: Table, change: Table) -> Table:
        """``change`` with the points that the nodes above then have, where the scheme gives them."""
        after = changed(raw, change)
        held = {"": raw.get("whole", {})} | {each["id"]: each for each in (*raw["item"], *raw.get("section", []))}
        rooms = {
            **{each["id"]: "item" for each in raw["item"]},
            **{each["id"]: "section" for each in raw.get("section", [])},
        }
        made = {**change}
        while differing := [
            id for id, full in fulls(after).items() if "points" in held[id] and self.said(after, id) != full
        ]:
            for id in differing[:1]:
                full = fulls(after)[id]
                if full is None:
                    return {}
                if id:
                    room = {**made.get(rooms[id], {})}
                    room[id] = {**room.get(id, {}), "points": full}
                    made[rooms[id]] = room
                else:
                    made["whole"] = {**made.get("whole", {}), "points": full}
                after = changed(raw, made)
        return made

    @staticmethod
    def said(raw: Table, id: str) -> Decimal | None:
        if not id:
            return raw.get("whole", {}).get("points")
        return next(each.get("points") for each in (*raw["item"], *raw.get("section", [])) if each["id"] == id)

    def other(self, raw: Table, *, by_kind: bool = False) -> Table:
        """A criterion by another rule, for a reading; for a kind of units by one whose points come the same way."""
        criteria = [(item, each) for item in raw["item"] for each in item["criterion"]]
        needed = {each.get("needs") for _, each in criteria}
        free = [(item, each) for item, each in criteria if each["id"] not in needed and not each.get("needs")]
        if not free:
            return {}
        item, criterion = self.pick(*free)
        kind = self.pick(criterion["rule"]["kind"], criterion["rule"]["kind"], "when", "judged", "step", "given")
        if by_kind and {kind, criterion["rule"]["kind"]} & {"judged", "given"}:
            kind = criterion["rule"]["kind"]
        other = self.criterion(item["id"], criterion["id"], kind)
        change: Table = {
            "criterion": {
                criterion["id"]: {
                    "replace": {
                        "rule": other["rule"],
                        "bonus": other.get("bonus", False),
                        **({"points": other["points"]} if "points" in other else {}),
                    }
                }
            }
        }
        if "points" not in other and "points" in criterion:
            return {}  # nothing takes points away again
        return self.declared(raw, change)

    def readings(self, raw: Table) -> list[Table]:
        made: list[Table] = []
        for n in range(self.pick(0, 0, 1, 2, 3)):
            kind = self.pick("criterion", "policy", "grade", "limits", "evidence")
            change = getattr(self, f"_option_{kind}")(raw)
            if change and not any(key in each["option"][1]["change"] for each in made for key in change):
                made.append(
                    {
                        "id": f"r{n}",
                        "clause": "",
                        "question": f"第 {n} 问，怎样理解？",
                        **self.maybe(0.2, reason="通知未规定"),
                        "option": [
                            {"id": "a", "label": "照通常的办法"},
                            {"id": "b", "label": "照另一办法", "change": change},
                        ],
                    }
                )
        return made

    def _option_criterion(self, raw: Table) -> Table:
        return self.other(raw)

    def _option_policy(self, raw: Table) -> Table:
        return {"policy": self.policy(raw)}

    def _option_grade(self, raw: Table) -> Table:
        if not raw.get("grade"):
            return {}
        level = raw["grade"][0]
        return {"grade": {level["title"]: self.pick({"places": 2}, {"share": Decimal("0.4"), "rounding": "up"})}}

    def _option_limits(self, raw: Table) -> Table:
        room = self.pick("whole", "item", *(["section"] if raw.get("section") else []))
        patch = {"cap": self.points(50, 99)}
        return {room: patch if room == "whole" else {self.pick(*raw[room])["id"]: patch}}

    def _option_evidence(self, raw: Table) -> Table:
        held = [each for item in raw["item"] for each in item.get("evidence", []) if each["test"].get("right")]
        held = [each for each in held if each["test"]["compare"] != "="]
        return {"evidence": {self.pick(*held)["measure"]: {"test": {"right_times": Decimal("0.9")}}}} if held else {}

    def policy(self, raw: Table) -> Table:
        ids = [each["id"] for each in (*raw["item"], *raw.get("section", []))]
        return {
            **self.maybe(0.4, cap=self.pick("item", "total", "none")),
            **self.maybe(0.5, no_task=self.pick("full", "zero", "rescale")),
            **self.maybe(0.4, tie=self.random.sample(ids, min(len(ids), 2))),
            **self.maybe(0.3, veto=self.pick("move_up", "vacant")),
            **self.maybe(0.3, deadline=self.pick("inclusive", "strict")),
        }

    def trials(self, raw: Table, units: list[Table], patches: list[Table]) -> list[Table]:
        """Invented units with what a unit may have; what is expected of them is as likely wrong as not."""
        changes = {each["name"]: each["change"] for each in patches}
        made: list[Table] = []
        for n in range(1, self.pick(0, 0, 0, 1, 2, 3) + 1):
            kind = self.pick(*(each["kind"] for each in units))
            own = changed(raw, changes.get(kind, {}))
            criteria = [each for item in own["item"] for each in item["criterion"]]
            entered = [each for each in criteria if each["rule"]["kind"] in ("judged", "given")]
            figures = {
                f"{measure['id']}.{name}": self.tried(measure[name], done=name == "done")
                for measure in self.measures
                for name in ("prior", "target", "actual", "done")
                if name in measure and measure[name].get("by") != "basis" and self.chance(0.9)
            }
            for basis in self.bases:
                figures |= self.maybe(0.5, **{basis["id"]: self.pick("a", "b")})
            marks = {each["id"]: self.mark(each) for each in entered if self.chance(0.9)}
            asked = [each["id"] for each in (*criteria, *raw["item"], *raw.get("section", [])) if self.chance(0.3)]
            made.append(
                {
                    "name": f"试算{n}",
                    **({"kind": kind} if kind != units[0]["kind"] or self.chance(0.5) else {}),
                    "figure": figures,
                    "mark": marks,
                    **self.maybe(0.1, veto=True),
                    **self.maybe(0.5, points=dict.fromkeys(asked, self.points())),
                    **self.maybe(0.3, total=self.points(50, 100)),
                    **self.maybe(0.2, grade=self.pick(*(each["title"] for each in raw.get("grade", [{"title": ""}])))),
                    **self.maybe(0.2, place=self.count(1, 3)),
                }
            )
        return made

    def tried(self, figure: Table, *, done: bool) -> Any:
        """What an invented unit may have as ``figure``."""
        if figure.get("waivable") and self.chance(0.1):
            return "无任务"
        if done:
            return self.pick("完成", "已完成", "未完成", *figure.get("words", ()))
        return self.count(1, 100)

    def mark(self, criterion: Table) -> Any:
        """What may be given for a ``criterion`` that people enter."""
        rule, most = criterion["rule"], criterion.get("points")
        least = rule.get("least", Decimal(0))
        legal = [each["points"] for each in rule.get("marks", ())]
        legal = legal or [least if most is None else most] + ([] if most is None else [least])
        if rule.get("judges"):
            return [self.pick(*legal) for _ in range(self.count(0, rule["judges"]))]
        return self.pick(*legal)

    def scheme(self) -> Table:
        """The whole of it."""
        every = ("when", "count", "step", "line", "band", "place", "peer", "judged", "given")
        kinds: tuple[str, ...] = self.pick(
            every, every, every, ("judged",), ("count",), ("given", "judged"), ("place", "peer")
        )
        sections = self.sections()
        holding = {each.get("of", "") for each in sections}
        homes = [each["id"] for each in sections if each["id"] not in holding]
        homes += [id for id in (*holding, "") if sections and self.chance(0.2)]
        for n, home in enumerate(homes or [""] * self.count(1, 4), 1):
            self.items += [self.item(f"{n}.{m}", home, kinds) for m in range(1, self.pick(1, 1, 2) + 1)]
        whole = {**self.maybe(0.3, combine=self.pick("weighted", "mean", "least")), **self.limits()}
        raw: Table = {
            "item": self.items,
            **({"section": sections} if sections else {}),
            **({"whole": whole} if whole else {}),
        }
        self.weigh(raw)
        grades = self.grades()
        ceilings = [
            {"id": f"c{n}", "grade": self.pick(*grades)["title"], "clause": "", "test": self.test()}
            for n in range(self.pick(0, 0, 0, 1, 2) if grades else 0)
        ]
        vetoes = self.vetoes(grades)
        for id, full in fulls(raw).items():
            if full is not None and self.chance(0.6):
                node = next((each for each in (*raw["item"], *sections) if each["id"] == id), None)
                if node is not None:
                    node["points"] = full
                elif whole:
                    whole["points"] = full
        # what stands above a node that has been given its points counts these
        for id, full in fulls(raw).items():
            assert self.said(raw, id) in (None, full), id
        units = [
            {"code": f"U{n:03}", "name": f"第{n}{self.pick('单位', '局', '镇')}", "kind": self.pick(*KINDS)}
            for n in range(1, (self.units or self.pick(1, 2, 3, 4)) + 1)
        ]
        present = sorted({each["kind"] for each in units})
        raw |= {"grade": grades} if grades else {}
        raw |= {"ceiling": ceilings} if ceilings else {}
        raw |= {"veto": vetoes} if vetoes else {}
        raw |= self.maybe(0.7, policy=self.policy(raw))
        patches = [
            {"name": kind, "change": change}
            for kind in present
            if self.chance(0.3) and (change := self.other(raw, by_kind=True))
        ]
        readings = self.readings(raw)
        if self.chance(0.3):
            split = self.count(1, len(present))
            groups = [("第一组", present[:split]), ("第二组", present[split:])]
            raw["group"] = [{"title": title, "kinds": kinds} for title, kinds in groups if kinds]
        for basis in self.bases:
            basis["default"] = {kind: self.pick("a", "b") for kind in present}
        summed = [each for each in self.measures if each.get("unit") != "%" and "actual" in each]
        totals = [
            {
                "measure": each["id"],
                "clause": "",
                "number": self.count(10, 2000),
                "actual": [Decimal("0.9"), Decimal("1.5")],
            }
            for each in summed[:1]
            if self.chance(0.3)
        ]
        trials = self.trials(raw, units, patches)
        periods = [{"label": "全年预计", "said": "全年预计"}, {"label": "全年快报", "said": "快报", "final": True}]
        due = {"clause": self.clause("于12月20日前报送"), "date": date(2015, 12, 20)}
        beside = {"clause": self.clause("另报年度工作总结"), "titles": ["年度工作总结", "自查报告"]}
        return {
            "format": 2,
            "id": "any",
            "year": 2015,
            "title": "2015年度目标考核表",
            "name": "目标考核",
            "template": "any.xlsx",
            "notice": {
                "number": self.pick("", "示政发〔2015〕8号"),
                "date": date(2015, 3, 2),
                "issuer": "示例县人民政府",
                "issuer_short": "县政府",
                "heading": self.pick("", "关于下达2015年度目标的通知"),
                "addressees": self.pick("", "各乡、镇人民政府："),
                "paragraphs": [f"{'；'.join(self.clauses)}。"] if self.clauses or self.chance(0.5) else [],
                "signed": "二○一五年三月二日",
                **self.maybe(0.3, we="我县"),
            },
            **self.maybe(0.6 if "于12月20日前报送" in self.clauses else 0, deadline=due),
            **self.maybe(0.6 if "另报年度工作总结" in self.clauses else 0, materials=beside),
            **self.maybe(0.3, period=periods),
            "unit": units,
            **({"measure": self.measures} if self.measures else {}),
            **raw,
            **({"kind": patches} if patches else {}),
            **({"reading": readings} if readings else {}),
            **({"basis": self.bases} if self.bases else {}),
            **({"total": totals} if totals else {}),
            **({"trial": trials} if trials else {}),
        }


def random_scheme(seed: int, units: int | None = None) -> Table:
    """The scheme of that seed."""
    return Author(Random(seed), units).scheme()


def schemes() -> st.SearchStrategy[Table]:
    """Any scheme, as the tables of its file."""
    return st.randoms(use_true_random=False).map(lambda random: Author(random).scheme())
