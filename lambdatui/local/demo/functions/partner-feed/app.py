"""The products that a partner shop may sell. Each partner is a tenant, whose calls run apart from the others'."""

import random

PRODUCTS = ("oak table", "linen sofa", "walnut shelf", "blue vase", "round lamp")
served = 0


def handler(event, context):
    global served
    served += 1
    print(f"feed of {context.tenant_id}: call {served} of this environment, which no other partner uses")
    chance = random.Random(context.tenant_id)
    products = [{"title": it, "cents": chance.randrange(4900, 99_900, 100)} for it in chance.sample(PRODUCTS, 3)]
    return {"partner": context.tenant_id, "products": products}
