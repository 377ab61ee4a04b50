"""Every site of the program at which a problem is born: the codes it may have and the words it gives, by its syntax.

A problem is born by ``problem(code, …)``. A *helper* is a function that hands its own ``code`` on to it and adds words.
A *carrier* is made with a code and words where something is found, and its problem is born later.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from string import Formatter

from msgspec import Struct

from kaohe_cli.catalogue import CATALOGUE
from kaohe_cli.diagnostic import KEPT

BIRTH = "problem"
# what makes a carrier → the code as it is written where the problem of one is born
CARRIERS = {
    "Refused": "refused.code", "CellFault": "fault.code", "fault": "code", "Limit": "limit.code",
    "Altered": "each.code", "Doubt": "doubt.code",
}  # fmt: skip

Function = ast.FunctionDef


class Site(Struct, frozen=True):
    """A call that decides on a code, with all words that the problem has when it is born."""

    place: str
    codes: frozenset[str]
    words: frozenset[str]
    own: frozenset[str] = frozenset()  # those that stand in the call itself

    def faults(self) -> Iterator[str]:
        """What is wrong with it, in sentences."""
        if not self.codes:
            yield f"{self.place}: no code is known"
        for code in sorted(self.codes - CATALOGUE.keys()):
            yield f"{self.place}: {code} is not in the catalogue"
        named = {code: placeholders(code) for code in self.codes & CATALOGUE.keys()}
        for code, names in sorted(named.items()):
            if names - self.words:
                yield f"{self.place}: {code} lacks {', '.join(sorted(names - self.words))}"
        unused = self.own - {*KEPT}.union(*named.values())
        if unused:
            yield f"{self.place}: nobody reads {', '.join(sorted(unused))}"


def placeholders(code: str) -> frozenset[str]:
    """The words that the sentences of ``code`` are filled with."""
    texts = (CATALOGUE[code].message, CATALOGUE[code].fix)
    return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


class Call(Struct, frozen=True):
    """A call, and the functions around it, from the inmost out."""

    path: str
    node: ast.Call
    around: tuple[Function, ...]

    @property
    def name(self) -> str:
        """What is called, without what it belongs to."""
        target = self.node.func
        return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.path}:{self.node.lineno}"

    @property
    def code(self) -> ast.expr | None:
        """The code it is given."""
        return self.node.args[0] if self.node.args else None

    @property
    def hands_on(self) -> bool:
        """Whether its code is the one that the function around it was given."""
        names = [each.arg for each in self.around[0].args.args] if self.around else []
        return isinstance(self.code, ast.Name) and self.code.id == "code" and "code" in names

    def words(self) -> frozenset[str]:
        """The words that stand in it, also as a dict that is spelt out nearby; ``*`` for all those of a carrier."""
        return frozenset(word for keyword in self.node.keywords for word in self._given(keyword))

    def _given(self, keyword: ast.keyword) -> Iterator[str]:
        value = keyword.value
        if keyword.arg is not None:
            yield keyword.arg
        elif isinstance(value, ast.Dict):
            yield from _keys(value)
        elif isinstance(value, ast.Attribute) and value.attr == "words":
            yield "*"
        elif isinstance(value, ast.Name):
            inside = self.around[0]
            spelt = [_keys(found) for found in _assigned(inside, value.id) if isinstance(found, ast.Dict)]
            yield from frozenset.intersection(*spelt) if spelt else ()
            for each in inside.body:  # not those of a branch
                if isinstance(each, ast.AugAssign) and ast.unparse(each.target) == value.id:
                    yield from _keys(each.value)


class Program(Struct, frozen=True, dict=True):
    """Its modules, by path."""

    modules: Mapping[str, ast.Module]

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call."""
        return tuple(call for path, module in self.modules.items() for call in _calls(path, module, ()))

    @cached_property
    def helpers(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Path and name of each function that hands its code on → the words that it always adds."""
        return {
            (call.path, call.around[0].name): call.words()
            for call in self.calls
            if call.name == BIRTH and call.hands_on
        }

    def adds(self, call: Call) -> frozenset[str] | None:
        """What the called function adds to the words; None where it bears no problems."""
        if call.name == BIRTH:
            return frozenset()
        own = self.helpers.get((call.path, call.name))
        others = [words for (_, name), words in self.helpers.items() if name == call.name]
        return own if own is not None else frozenset.intersection(*others) if others else None

    def codes(self, call: Call) -> frozenset[str]:
        """Every code that the call may be given: whatever its first argument can be traced to in its module."""
        return frozenset(_traced(call.code, (*call.around, self.modules[call.path]), set()))

    def parameters(self, carrier: str) -> tuple[str, ...]:
        """What ``carrier`` takes without naming it, its code first."""
        for node in (node for module in self.modules.values() for node in ast.walk(module)):
            if isinstance(node, Function) and node.name == carrier:
                return tuple(each.arg for each in node.args.args if each.arg != "self")
            if isinstance(node, ast.ClassDef) and node.name == carrier:
                return tuple(ast.unparse(each.target) for each in node.body if isinstance(each, ast.AnnAssign))
        return ()

    def sites(self) -> Iterator[Site]:
        """Every site."""
        births: dict[str, list[Call]] = {carrier: [] for carrier in CARRIERS}
        carried = {written: carrier for carrier, written in CARRIERS.items()}
        for call in self.calls:
            adds = self.adds(call)
            if adds is None or call.hands_on:
                continue
            codes = self.codes(call)
            carrier = carried.get(ast.unparse(call.code)) if call.code else None
            if carrier is not None and not codes:
                births[carrier].append(call)
            else:
                yield Site(call.place, codes, adds | call.words(), call.words())
        for carrier, born in births.items():
            made = [call for call in self.calls if call.name == carrier]
            names = {carrier, *(call.around[0].name for call in made if call.hands_on)}
            parameters = {name: self.parameters(name) for name in names}
            for call in self.calls:
                # one that is made out of another carries what that brought
                if call.name in names and not call.hands_on and (self.codes(call) or not _is_carried(call.code)):
                    yield from self._carried(call, parameters[call.name], born)

    def around(self, call: Call) -> list[Call]:
        """The calls in the same function."""
        return [other for other in self.calls if other.around and call.around and other.around[0] is call.around[0]]

    def _carried(self, call: Call, parameters: tuple[str, ...], births: list[Call]) -> Iterator[Site]:
        """What makes a carrier: it has the words that all ``births`` of one give, and those it brings and they take."""
        brought = call.words() | {*parameters[1 : len(call.node.args)]}
        words = []
        for birth in births:
            there = birth.words()
            words.append((self.adds(birth) or frozenset()) | there - {*parameters, "*"})
            words[-1] |= brought if "*" in there else brought & there
        codes = self.codes(call)
        beside = [each for birth in births for each in self.around(birth) if self.adds(each) is not None]
        left = codes.difference(*map(self.codes, beside))  # a code that is told apart there has a site of its own
        if left or not codes:
            yield Site(call.place, left, frozenset.intersection(*words) if words else frozenset())


def _is_carried(code: ast.expr | None) -> bool:
    return isinstance(code, ast.Attribute) and ast.unparse(code) in CARRIERS.values()


def program(sources: Mapping[str, str]) -> Program:
    """The program in ``sources``, by path."""
    return Program({path: ast.parse(source) for path, source in sources.items()})


def _calls(path: str, node: ast.AST, around: tuple[Function, ...]) -> Iterator[Call]:
    for child in ast.iter_child_nodes(node):
        inside = (child, *around) if isinstance(child, Function) else around
        if isinstance(child, ast.Call):
            yield Call(path, child, around)
        yield from _calls(path, child, inside)


def _keys(node: ast.expr) -> frozenset[str]:
    keys = node.keys if isinstance(node, ast.Dict) else ()
    return frozenset(key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def _assigned(scope: ast.AST, name: str) -> Iterator[ast.AST]:
    """What ``name`` is given in ``scope``: values, what is looped over, the function of that name."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value) if any(name in _names(target) for target in targets):
                yield value
            case (
                ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value)
                | ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value)
            ) if name in _names(target) and value is not None:  # fmt: skip
                yield value
            case ast.FunctionDef(name=called) if called == name and node is not scope:
                yield node


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _traced(node: ast.AST | None, scopes: tuple[ast.AST, ...], seen: set[str]) -> Iterator[str]:
    """The codes that ``node`` may come to, its names standing for what the first of ``scopes`` says that knows them."""
    parts: list[ast.AST | None] = []
    match node:
        case ast.Constant(value=str(text)) if re.fullmatch(r"KH\d{3}", text):
            yield text
        case ast.Name(id=name) if name not in seen:
            seen.add(name)
            parts += next((found for scope in scopes if (found := [*_assigned(scope, name)])), [])
        case ast.IfExp(body=one, orelse=other):
            parts += [one, other]
        case ast.BoolOp(values=values) | ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            parts += values
        case ast.Call(func=whole) | ast.Subscript(value=whole) | ast.Attribute(value=whole):
            parts.append(whole)
        case ast.FunctionDef():
            scopes = (node, *scopes[-1:])
            parts += [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
    for part in parts:
        yield from _traced(part, scopes, seen)
