"""Sells and redeems gift cards. Deployed for the launch; nobody has called it yet."""

import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is mistaken for something else

ACTIONS = {}


def action(function):
    ACTIONS[function.__name__] = function
    return function


def handler(event, context):
    try:
        answer = ACTIONS[event["action"]]
    except KeyError:
        return {"error": f"action is one of {', '.join(sorted(ACTIONS))}"}
    return answer(event)


@action
def sell(event):
    cents = int(event["cents"])
    if not 1000 <= cents <= 50_000:
        return {"error": "a card is worth 10 to 500 EUR"}
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
    print(f"sold a card of {cents / 100:.2f} EUR ending in {code[-4:]}")
    return {"code": code, "cents": cents}


@action
def redeem(event):
    print(f"card ending in {event['code'][-4:]} redeemed for order {event['orderNumber']}")
    return {"orderNumber": event["orderNumber"], "redeemed": True}
