"""The contract types "doors" and "fence", beside those that import-linter brings along."""

import re
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """
    Another app is entered only by its doors.

    Every direct import from one child of ``package`` to another counts, so a new app is covered from its first line.

    Options:
        - package: the package whose children are the apps.
        - doors: names of the modules by which any app may be entered (a door may be a package).
        - lent: modules that others may enter beside the doors, in full.
        - forgiven: children of ``package`` that this contract does not look at. (Optional.)
    """

    type_name = "doors"

    package = fields.ModuleField()
    doors = fields.SetField(subfield=fields.StringField())
    lent = fields.SetField(subfield=fields.ModuleField(), required=False)
    forgiven = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect the imports that climb in by the window."""
        intrusions = []
        apps = {name.split(".")[1] for name in graph.find_descendants(self.package.name)} - (self.forgiven or set())
        for importer in sorted(graph.modules):
            own = self._app_of(importer)
            if own not in apps:
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                other = self._app_of(imported)
                if other in apps and other != own and not self._is_door(imported, other):
                    details = graph.get_import_details(importer=importer, imported=imported)
                    intrusions.append((importer, imported, [detail["line_number"] for detail in details]))
        return ContractCheck(kept=not intrusions, metadata={"intrusions": intrusions})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import and its lines."""
        for importer, imported, lines in check.metadata["intrusions"]:
            where = ", ".join(f"l.{line}" for line in lines)
            output.print_error(f"{importer} -> {imported} ({where}): enter by {self._doors_of(imported)}.")

    def _app_of(self, module: str) -> str | None:
        root, _, rest = module.partition(".")
        return rest.partition(".")[0] or None if root == self.package.name else None

    def _is_door(self, module: str, app: str) -> bool:
        door = f"{module}.".removeprefix(f"{self.package.name}.{app}.").partition(".")[0]
        lent: Any = self.lent or set()
        return door in self.doors or any(f"{module}.".startswith(f"{place.name}.") for place in lent)

    def _doors_of(self, module: str) -> str:
        return " or ".join(f"{self.package.name}.{self._app_of(module)}.{door}" for door in sorted(self.doors))


class FenceContract(Contract):
    """
    Some packages from outside may be imported inside of a fence only; everywhere else under ``package`` they may not.

    Options:
        - package: where the fence stands.
        - fenced: names of packages or modules from outside, such as ``httpx`` or ``urllib.request``.
        - inside: modules of ``package`` that may import them. (Optional.)
    """

    type_name = "fence"

    package = fields.ModuleField()
    fenced = fields.SetField(subfield=fields.StringField())
    inside = fields.SetField(subfield=fields.ModuleField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect the imports from outside of the fence."""
        trespasses = []
        for fenced in sorted(self.fenced):
            # The graph knows an outside package as a whole, so a module of it is told by the text of the import.
            root, _, rest = fenced.partition(".")
            for importer in sorted(graph.find_modules_that_directly_import(root) if root in graph.modules else ()):
                if f"{importer}.".startswith(f"{self.package.name}.") and not self._is_inside(importer):
                    details = graph.get_import_details(importer=importer, imported=root)
                    lines = [detail["line_number"] for detail in details if _names(detail["line_contents"], root, rest)]
                    if lines:
                        trespasses.append((importer, fenced, lines))
        return ContractCheck(kept=not trespasses, metadata={"trespasses": trespasses})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import and its lines."""
        for importer, fenced, lines in check.metadata["trespasses"]:
            where = ", ".join(f"l.{line}" for line in lines)
            allowed = ", ".join(sorted(place.name for place in self.inside or ())) or "nowhere here"
            output.print_error(f"{importer} -> {fenced} ({where}): allowed in {allowed}.")

    def _is_inside(self, module: str) -> bool:
        inside: Any = self.inside or set()
        return any(f"{module}.".startswith(f"{place.name}.") for place in inside)


def _names(line: str, root: str, rest: str) -> bool:
    if not rest:
        return True
    return bool(re.search(rf"\b{root}\.{rest}\b|\bfrom\s+{root}\s+import\b.*\b{rest}\b", line))
