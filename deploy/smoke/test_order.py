"""What the smoke test says of a shop that is well, ill, slow to start, or gone: by its exit status. The shop is a few answers by rote."""
import http.server
import json
import pathlib
import subprocess
import sys
import threading
import unittest

PROGRAM = pathlib.Path(__file__).with_name("order")
PRICE = {"amount": 1000, "currency": "USD"}
TOTALS = {"currency": "USD", "subtotal": 1000, "discount": 0, "shipping": 500, "tax": 80, "tax_included": 0, "total": 1580}
ORDER = {"id": "ord_1", "number": 1001, "status": "confirmed", "totals": TOTALS}


class Rote:
    """Answers of a shop in order; a test exchanges some of them."""

    def __init__(self, **changes):
        self.answers = {
            "list": (200, {"data": [{"id": "prod_1"}]}),
            "product": (200, {"id": "prod_1", "variants": [{"id": "var_1", "availability": "in_stock", "prices": [PRICE]}]}),
            "cart": (201, {"id": "cart_1", "token": "ct_1"}),
            "change": (200, {}),
            "discard": (204, None),
            "options": (200, {"data": [{"id": "standard"}]}),
            "quote": (200, {"problems": [], "totals": TOTALS}),
            "complete": (201, ORDER),
            "order": (200, ORDER),
            "cancel": (201, {**ORDER, "status": "cancelled"}),
        } | changes
        self.asked = []
        self.keys = {}
        rote = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                name = rote.name(self.command, self.path)
                rote.asked.append(name)
                rote.keys.setdefault(name, []).append(self.headers.get("Idempotency-Key"))
                answer = rote.answers[name]
                # A list is answered in turn, its last for ever.
                status, body = (answer.pop(0) if len(answer) > 1 else answer[0]) if isinstance(answer, list) else answer
                text = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @staticmethod
    def name(method, path):
        path = path.split("?")[0]
        last = path.rsplit("/", 1)[1]
        if method == "PUT" or last == "lines":
            return "change"
        if method == "DELETE":
            return "discard"
        named = {"products": "list", "carts": "cart", "shipping-options": "options", "quote": "quote", "complete": "complete", "cancellations": "cancel"}
        return named.get(last) or ("product" if "/products/" in path else "order")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class SmokeTest(unittest.TestCase):
    def run_against(self, shop, *arguments):
        try:
            command = [sys.executable, str(PROGRAM), shop.url, "--wait", "2", *arguments]
            return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        finally:
            shop.close()

    def test_an_order_is_placed_read_and_cancelled(self):
        shop = Rote()
        result = self.run_against(shop)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("Order 1001 of 15.80 USD was placed and cancelled", result.stdout)
        self.assertEqual(shop.asked[-3:], ["complete", "order", "cancel"])

    def test_until_the_quote_nothing_is_bought_and_the_cart_is_left(self):
        shop = Rote()
        self.assertEqual(self.run_against(shop, "--until", "quote").returncode, 0)
        self.assertNotIn("complete", shop.asked)
        self.assertEqual(shop.asked[-1], "discard")

    def test_a_shop_that_is_starting_is_asked_again_with_the_same_key(self):
        shop = Rote(cart=[(503, {"code": "starting"}), (503, {}), (201, {"id": "cart_1", "token": "ct_1"})])
        self.assertEqual(self.run_against(shop).returncode, 0)
        self.assertEqual(len(shop.keys["cart"]), 3)
        self.assertEqual(len(set(shop.keys["cart"])), 1)

    def test_a_declined_checkout_is_a_fault_and_nothing_is_cancelled(self):
        shop = Rote(complete=(402, {"code": "payment_declined"}))
        result = self.run_against(shop)
        self.assertEqual(result.returncode, 1)
        self.assertIn("complete answered 402, not 201", result.stderr)
        self.assertNotIn("cancel", shop.asked)

    def test_totals_that_do_not_add_up_are_a_fault(self):
        shop = Rote(quote=(200, {"problems": [], "totals": {**TOTALS, "total": 1}}))
        result = self.run_against(shop)
        self.assertEqual(result.returncode, 1)
        self.assertIn("do not add up", result.stderr)

    def test_an_order_that_costs_something_else_is_a_fault_and_is_cancelled(self):
        shop = Rote(complete=(201, {**ORDER, "totals": {**TOTALS, "total": 9}}))
        result = self.run_against(shop)
        self.assertEqual(result.returncode, 1)
        self.assertIn("The order ord_1 was cancelled", result.stderr)

    def test_an_order_that_cannot_be_cancelled_is_said_by_its_own_status(self):
        shop = Rote(cancel=(409, {"code": "order_shipped"}))
        result = self.run_against(shop)
        self.assertEqual(result.returncode, 4)
        self.assertIn("ord_1 stands and is to be cancelled by hand", result.stderr)

    def test_an_empty_shop_is_a_fault(self):
        self.assertEqual(self.run_against(Rote(list=(200, {"data": []}))).returncode, 1)

    def test_nobody_there_is_said_by_its_own_status(self):
        shop = Rote()
        shop.close()
        command = [sys.executable, str(PROGRAM), shop.url, "--wait", "0.5"]
        self.assertEqual(subprocess.run(command, capture_output=True, timeout=60, check=False).returncode, 3)

    def test_a_url_without_http_is_refused(self):
        command = [sys.executable, str(PROGRAM), "staging.shop.example"]
        self.assertEqual(subprocess.run(command, capture_output=True, timeout=60, check=False).returncode, 2)


if __name__ == "__main__":
    unittest.main()
