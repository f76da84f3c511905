#!/usr/bin/env python3
"""How large each function's zip is, and how long its process takes to ask for work.

    infra/build.sh --x86-64 && infra/start_up.py

Measured is the time from before the process is started to its first request to Lambda's runtime
API, which is a socket of this script. So is Secrets Manager, which answers at once: what is left
is the function's own time. The first start is not counted, the median of the others is told.

Invariant: nothing leaves this machine, and no function gets any work.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

STARTS = 30
SECRETS = {"Name": "id", "SecretString": '{"subscriptions": {"s": ["secret"]}, "signals": []}'}


def environment(runtime_api, services):
    """What Lambda and the template set, and where AWS is."""
    return {
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_LAMBDA_FUNCTION_NAME": "function",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": services,
        "TABLE_NAME": "table",
        "BUCKET_NAME": "bucket",
        "SECRETS_ID": "id",
        "UNCERTAIN_AFTER_S": "1800",
        "WEBEX_ID": "id",
        "SUBSCRIPTIONS_URL": services,
        "WEBHOOK_URL": "https://example.com/webhooks",
    }


def listener():
    server = socket.create_server(("127.0.0.1", 0))
    return server, f"127.0.0.1:{server.getsockname()[1]}"


def answer_with_secrets(server):
    """Answers whoever asks with the secrets, one request for each connection."""
    body = json.dumps(SECRETS).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {len(body)}\r\n\r\n"
    while True:
        connection, _ = server.accept()
        connection.recv(65_536)
        connection.sendall(head.encode() + body)


def start_up_ms(program, services):
    """Starts the program once. Returns how long it took until it asked for work."""
    server, address = listener()
    server.settimeout(20)
    variables = environment(address, services)
    began = time.perf_counter()
    process = subprocess.Popen([program], env=variables, stdout=subprocess.DEVNULL, cwd="/")
    try:
        connection, _ = server.accept()
        request = connection.recv(65_536)
        took = (time.perf_counter() - began) * 1_000
    finally:
        process.kill()
        process.wait()
        server.close()
    if not request.startswith(b"GET /2018-06-01/runtime/invocation/next "):
        raise SystemExit(f"{program} asked for something else: {request[:80]}")
    return took


def main():
    built = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "lambda"
    zips = sorted(built.glob("*/bootstrap.zip"))
    if not zips:
        raise SystemExit(f"there are no functions in {built}: run infra/build.sh --x86-64")
    secrets, address = listener()
    threading.Thread(target=answer_with_secrets, args=[secrets], daemon=True).start()
    print("| function | zip MiB | unpacked MiB | start ms | best | worst |")
    print("|---|---:|---:|---:|---:|---:|")
    for path in zips:
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(path).extractall(folder)
            program = Path(folder) / "bootstrap"
            program.chmod(0o755)
            times = [start_up_ms(str(program), f"http://{address}") for _ in range(STARTS + 1)][1:]
            sizes = [size.stat().st_size / 2**20 for size in (path, program)]
        median = statistics.median(times)
        print(
            f"| `{path.parent.name}` | {sizes[0]:.1f} | {sizes[1]:.1f} "
            f"| {median:.1f} | {min(times):.1f} | {max(times):.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
