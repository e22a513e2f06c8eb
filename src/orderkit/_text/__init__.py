"""The only door to YAML: text in, frozen nodes with positions and raw scalar text out."""

from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.reader import read_text

__all__ = ["ListNode", "MapNode", "Node", "ScalarNode", "read_text"]
