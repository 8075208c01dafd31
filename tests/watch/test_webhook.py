"""Webhooks go out signed, to public hosts only, whatever a receiver does; each is tried against a real receiver."""

from __future__ import annotations

import base64
import hmac
import json
import re
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.watch.conftest import Hands

from foretrack.foundation.errors import ForetrackError, InputError, OutsideError
from foretrack.jobs.actions import list_jobs
from foretrack.registry.access.actor import Actor
from foretrack.registry.registry import Registry
from foretrack.watch.actions.alerts import list_alerts
from foretrack.watch.actions.channels import add_webhook, renew_secret, resume, stop
from foretrack.watch.actions.rules import add_rule
from foretrack.watch.delivery import sending
from foretrack.watch.delivery.addresses import is_public, judged, read_address
from foretrack.watch.delivery.webhook import post, secret_of
from foretrack.watch.models import Channel, Delivery

Do = Callable[..., Any]
NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Receiver:
    """Takes webhooks on the loopback and answers as it is told."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        self.drip: float = 0
        self.hang = threading.Event()
        self.hang.set()
        outer = self

        class Session(socketserver.StreamRequestHandler):
            timeout = 20

            def handle(self) -> None:
                lines = []
                while (line := self.rfile.readline().strip()) != b"":
                    lines.append(line.decode())
                headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
                outer.bodies.append(self.rfile.read(int(headers.get("content-length", 0))))
                outer.headers.append({**headers, "": lines[0]})
                outer.hang.wait(20)
                try:
                    for at in range(len(outer.answer)) if outer.drip else ():
                        self.wfile.write(outer.answer[at : at + 1])
                        time.sleep(outer.drip)
                    if not outer.drip:
                        self.wfile.write(outer.answer)
                except OSError:
                    pass  # the sender had enough

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self.server.daemon_threads = True
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def says(self, status: str, *headers: str, body: str = "") -> None:
        lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}", *headers]
        self.answer = ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.hang.set()
    made.server.shutdown()
    made.server.server_close()


def sent(receiver: Receiver, **given: Any) -> Any:
    secret = secret_of("k", "01A", 1)
    return post(
        f"http://{receiver.host}/hook?x=1", b'{"a": 1}', message="msg_1", secret=secret, now=NOW,
        allowed=[receiver.host], timeout=given.pop("timeout", 5), **given,
    )  # fmt: skip


def test_a_message_arrives_whole_and_its_signature_can_be_checked(receiver: Receiver) -> None:
    assert sent(receiver).accepted

    headers = receiver.headers[0]
    assert headers[""] == "POST /hook?x=1 HTTP/1.1"
    assert headers["content-type"] == "application/json"
    key = base64.b64decode(secret_of("k", "01A", 1).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + receiver.bodies[0]
    version, _, signature = headers["webhook-signature"].partition(",")
    assert version == "v1"
    assert hmac.compare_digest(base64.b64decode(signature), hmac.digest(key, signed, "sha256"))
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.says("302 Found", f"Location: http://{receiver.host}/elsewhere")

    assert not sent(receiver).accepted
    assert len(receiver.bodies) == 1


def test_a_receiver_that_hangs_is_left(receiver: Receiver) -> None:
    receiver.hang.clear()

    began = time.monotonic()
    with pytest.raises(OutsideError, match="did not answer within"):
        sent(receiver, timeout=0.3)
    assert time.monotonic() - began < 5


def test_a_receiver_that_drips_is_left(receiver: Receiver) -> None:
    receiver.drip = 0.1

    began = time.monotonic()
    with pytest.raises(OutsideError, match="did not answer within"):
        sent(receiver, timeout=0.3)
    assert time.monotonic() - began < 5


def test_an_endless_answer_is_not_read(receiver: Receiver) -> None:
    receiver.answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 5_000_000

    assert sent(receiver).accepted


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500, b"HTTP/9 x\r\n\r\n"]
)
def test_what_is_no_answer_is_a_failure(receiver: Receiver, answer: bytes) -> None:
    receiver.answer = answer

    with pytest.raises(OutsideError):
        sent(receiver)


def test_nobody_there_is_a_failure() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OutsideError, match="could not be asked"):
        post(
            f"http://127.0.0.1:{port}/", b"", message="m", secret="whsec_AAAA", now=NOW, allowed=["127.0.0.1"]
        )


INSIDE = """
127.0.0.1 localhost 0.0.0.0 [::1] 10.1.2.3 192.168.0.1 172.16.0.9 169.254.169.254 100.64.0.1 [fe80::1] [fd00::1]
[::ffff:127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [::127.0.0.1] 224.0.0.1 2130706433 0x7f000001 0177.0.0.1 127.1
"""


@pytest.mark.parametrize("host", INSIDE.split())
def test_an_address_inside_the_own_network_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises((InputError, OutsideError), match=r"private network|has no address"):
        judged(read_address(f"http://{host}/hook"), ())


def test_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(InputError, match="private network"):
        judged(read_address("https://example.org/"), (), lambda host, port: ["93.184.216.34", "10.0.0.1"])


def test_the_connection_goes_to_the_address_that_was_judged(receiver: Receiver) -> None:
    """The name resolves to something else the second time; nobody asks a second time."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.1"]

    port = receiver.host.partition(":")[2]
    answer = post(
        f"http://receiver.invalid:{port}/", b"{}", message="m", secret="whsec_AAAA", now=NOW,
        allowed=["receiver.invalid"], resolve=resolve,
    )  # fmt: skip

    assert answer.accepted
    assert asked == ["receiver.invalid"]
    assert receiver.headers[0]["host"] == f"receiver.invalid:{port}"


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/", "file:///etc/passwd", "https://", "https://user:secret@example.org/", "https://example.org/#a",
     "https://example.org:0/", "https://example.org:99999/", "https://exa mple.org/", "https://example.org/\r\nX: y",
     "gopher://example.org/", "//example.org/", "https://例子.org/", "https://example.org/" + "a" * 500, ""],
)  # fmt: skip
def test_what_is_no_address_of_a_webhook_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="is no address of a webhook"):
        read_address(address)


@given(st.text(max_size=60) | st.text(max_size=40).map("http://".__add__))
def test_any_text_is_an_address_or_a_clear_error(text: str) -> None:
    try:
        target = read_address(text)
    except ForetrackError as error:
        assert error.expected  # noqa: PT017 - either outcome is right
    else:
        assert target.host
        assert target.path.startswith(("/", "?"))


@given(st.ip_addresses())
def test_no_private_address_passes_for_a_public_one(ip: Any) -> None:
    if ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        assert not is_public(str(ip))


def test_a_certificate_that_nobody_signed_is_refused(receiver: Receiver, tmp_path: Path) -> None:
    import ssl

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(NOW).not_valid_after(NOW.replace(year=2036))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = tmp_path / "own.pem"
    pem.write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)

    with pytest.raises(OutsideError, match="SSLCertVerificationError"):
        post(
            f"https://localhost:{receiver.host.partition(':')[2]}/", b"{}", message="m", secret="whsec_AAAA", now=NOW,
            allowed=["localhost"], resolve=lambda host, port: ["127.0.0.1"],
        )  # fmt: skip
    assert receiver.bodies == []


# From here on: the whole way, from a record to a receiver.


@pytest.fixture
def hook(registry: Registry, ann: Actor, receiver: Receiver, settings: Any) -> Callable[[], Channel]:
    """A rule of Ann's and a webhook to the receiver."""

    def made() -> Channel:
        settings.FORETRACK_WEBHOOK_HOSTS = (receiver.host,)
        rule = add_rule(registry, ann, name="Trials", kind="trial").rule
        line, secret = add_webhook(registry, ann, rule.key, f"http://{receiver.host}/hook")
        assert secret.startswith("whsec_")
        return Channel.objects.get(key=line.key)

    return made


def test_an_alert_reaches_the_receiver_with_codes_values_and_a_sentence(
    registry: Registry, hook: Do, receiver: Receiver, trial: Do, work: Do
) -> None:
    hook()
    page = trial()
    work()

    said = json.loads(receiver.bodies[0])
    assert (said["type"], said["data"]["subject"], said["data"]["reason"]) == (
        "alert.opened",
        f"record:{page.key}",
        "new",
    )
    assert (said["data"]["title"], said["data"]["text"]) == ("Solid-state battery pilot", "is new")
    delivery = Delivery.objects.get()
    assert receiver.headers[0]["webhook-id"] == f"msg_{delivery.key}"
    assert (delivery.answer, delivery.attempts) == (204, 1)
    assert delivery.sent_at is not None


def test_a_message_that_failed_is_sent_again_with_the_same_identifier_and_only_until_it_is_taken(
    registry: Registry, hook: Do, receiver: Receiver, trial: Do, work: Do, clock: Hands
) -> None:
    hook()
    receiver.says("500 Oops")
    trial()
    work()
    clock.forward(seconds=13)
    work()
    receiver.says("200 OK")
    clock.forward(minutes=1)
    work()
    clock.forward(days=1)
    work()

    assert len({headers["webhook-id"] for headers in receiver.headers}) == 1
    assert len(receiver.headers) == 3
    assert Delivery.objects.get().attempts == 3
    assert Channel.objects.get().failures == 0


def test_a_worker_that_died_after_sending_sends_again_with_the_same_identifier(
    registry: Registry, hook: Do, receiver: Receiver, trial: Do, work: Do
) -> None:
    from foretrack.jobs.declaring import Run

    channel = hook()
    trial()
    work()
    Delivery.objects.update(sent_at=None)  # as it is when the worker dies before it marks the message as sent
    event = channel.pending.get().event_id
    sending.call.func(Run(registry, "t", 2, False), channel.key, event)
    sending.call.func(Run(registry, "t", 3, False), channel.key, event)

    assert [headers["webhook-id"] for headers in receiver.headers] == [
        f"msg_{Delivery.objects.get().key}"
    ] * 2


def test_a_webhook_that_fails_again_and_again_is_switched_off_and_its_owner_is_alerted(
    registry: Registry, ann: Actor, hook: Do, receiver: Receiver, trial: Do, work: Do, clock: Hands,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sending, "MOST_FAILURES", 3)
    hook()
    receiver.says("500 Oops")
    trial()
    for _ in range(6):
        work()
        clock.forward(hours=1)

    channel = Channel.objects.get()
    assert (channel.why_off, len(receiver.bodies)) == ("failed", 3)
    alert = next(a for a in list_alerts(registry, ann).alerts if a.reason == "off")
    assert (alert.level, alert.text) == ("attention", "was switched off after 3 failures")
    assert alert.title == f"Webhook to {receiver.host}"

    trial()
    work()
    assert len(receiver.bodies) == 3
    receiver.says("200 OK")
    resume(registry, ann, channel.key)
    trial()
    work()
    assert len(receiver.bodies) == 4


def test_a_receiver_that_says_gone_is_never_asked_again(
    registry: Registry, hook: Do, receiver: Receiver, trial: Do, work: Do, clock: Hands
) -> None:
    hook()
    receiver.says("410 Gone")
    trial()
    work()
    clock.forward(days=1)
    work()

    assert (Channel.objects.get().why_off, len(receiver.bodies)) == ("gone", 1)


def test_a_host_that_became_private_is_not_asked(
    registry: Registry, hook: Do, receiver: Receiver, trial: Do, work: Do, settings: Any
) -> None:
    from foretrack.accounts.actors import OPERATOR

    hook()
    settings.FORETRACK_WEBHOOK_HOSTS = ()
    trial()
    work()

    assert receiver.bodies == []
    assert "private network" in Delivery.objects.get().problem
    assert any("private network" in line.problem for line in list_jobs(OPERATOR))


def test_a_webhook_inside_the_network_is_refused_when_it_is_made(registry: Registry, ann: Actor) -> None:
    rule = add_rule(registry, ann, name="Trials", kind="trial").rule

    with pytest.raises(InputError, match="private network"):
        add_webhook(registry, ann, rule.key, "http://169.254.169.254/latest/meta-data/")
    assert Channel.objects.count() == 0


def test_a_renewed_secret_signs_from_then_on(
    registry: Registry, ann: Actor, hook: Do, receiver: Receiver, trial: Do, work: Do
) -> None:
    channel = hook()
    secret = renew_secret(registry, ann, channel.key)
    trial()
    work()

    headers = receiver.headers[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + receiver.bodies[0]
    made = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256")
    assert headers["webhook-signature"] == "v1," + base64.b64encode(made).decode()


def test_a_stopped_webhook_gets_nothing(
    registry: Registry, ann: Actor, hook: Do, receiver: Receiver, trial: Do, work: Do
) -> None:
    channel = hook()
    trial()
    stop(registry, ann, channel.key)
    work()

    assert receiver.bodies == []
    with pytest.raises(InputError, match="you have no such channel"):
        stop(registry, ann, channel.key)


def test_channels_of_others_are_not_there(registry: Registry, bo: Actor, hook: Do) -> None:
    channel = hook()

    for act in (stop, renew_secret, resume):
        with pytest.raises(InputError, match="you have no such channel"):
            act(registry, bo, channel.key)


def test_what_the_reader_may_no_longer_see_is_not_sent(
    registry: Registry, hook: Do, receiver: Receiver, trial: Do, step: Do, work: Do, clock: Hands
) -> None:
    hook()
    receiver.says("500 Oops")
    page = trial()
    work()
    step(page.key, "hide")
    receiver.says("200 OK")
    clock.forward(minutes=1)
    work()

    said = json.loads(receiver.bodies[-1])["data"]
    assert (said["title"], said["found"], said["hidden"]) == ("", [], True)


def test_one_module_alone_speaks_http_by_hand() -> None:
    package = Path(__file__).parents[2] / "src" / "foretrack"
    speaking = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(
            r"^\s*(import|from) (http\.client|urllib3|requests|urllib\.request)",
            path.read_text("utf-8"),
            re.M,
        )
    ]

    assert speaking == ["watch/delivery/webhook.py"]
