import orderkit
from orderkit.adapters.memory import MemoryStore

store = MemoryStore()
with orderkit.Kit(orderkit.load("before"), store=store) as kit:
    placed = kit.place({"人数": "3", "lines": [{"sku": "A100", "price": 5}]})
with orderkit.Kit(orderkit.load("now"), store=store) as kit:
    try:
        kit.fire(placed.id, "付", actor=orderkit.Actor("pos", ("system",)))
    except orderkit.Refused as refused:
        print(refused.details["why"])
