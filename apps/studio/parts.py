"""A model in the making: meshes collected by material."""

from apps.studio.mesh import Mesh, join


class Parts:
    """Meshes by material; each is kept until the car is whole."""

    def __init__(self) -> None:
        self._meshes: dict[str, list[Mesh]] = {}

    def add(self, material: str, *meshes: Mesh) -> None:
        """Add meshes of one material."""
        self._meshes.setdefault(material, []).extend(mesh for mesh in meshes if len(mesh.faces))

    def joined(self) -> dict[str, Mesh]:
        """Return one mesh per material."""
        return {material: join(meshes) for material, meshes in sorted(self._meshes.items()) if meshes}
