"""From a folder of YAML to a checked, compiled, immutable project."""

from orderkit._project.loading import check, load
from orderkit._project.project import Project, Read

__all__ = ["Project", "Read", "check", "load"]
