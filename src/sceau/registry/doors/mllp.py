"""HL7 v2 by MLLP over mutual TLS: a block holds a message or a batch, and is answered by one with as many ACKs.

TLS takes certificates of the configured authorities alone; which of them may send, and for whom, is pinned with the software's
approval and asked at every block, so that a suspension takes effect at once. One process; blocks are worked on in a few threads.
"""

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from sceau.core.report.errors import Language, ReportError
from sceau.registry.api.auth import details
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.config.keys import registry_keys
from sceau.registry.doors.frames import MOST_BYTES, Unframed, block, framed
from sceau.registry.doors.hl7v2 import acks, reject
from sceau.registry.submissions.actions import submit
from sceau.registry.submissions.certificates import of_der
from sceau.registry.submissions.senders import coming_with

THREADS, MOST_CONNECTIONS = 2, 64
LANGUAGE: Language = "fr"
_AWAY = "The registry cannot answer now: send again later."
_log = structlog.get_logger("sceau.door")


def run(*, address: str, port: int) -> None:
    """Until the process is told to end."""
    asyncio.run(_serve(address, port))


async def _serve(address: str, port: int) -> None:
    with ThreadPoolExecutor(THREADS, "mllp") as pool:
        server = await asyncio.start_server(
            partial(_connected, pool, set()), address, port, ssl=context(), limit=MOST_BYTES, ssl_handshake_timeout=10
        )
        async with server:
            await server.serve_forever()


def context() -> ssl.SSLContext:
    """TLS 1.2 or later, with a certificate from both sides."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(settings.MLLP_CERTIFICATE, settings.MLLP_KEY)
    made.load_verify_locations(settings.MLLP_CLIENTS)
    made.verify_mode = ssl.CERT_REQUIRED
    return made


async def _connected(
    pool: ThreadPoolExecutor, open_now: set[object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    if len(open_now) >= MOST_CONNECTIONS:
        writer.close()
        return
    open_now.add(writer)
    try:
        await _converse(pool, reader, writer)
    except (Unframed, ConnectionError, ssl.SSLError):
        _log.warning("a sender's connection was ended: no block, or too large or too slow a one")
    finally:
        open_now.discard(writer)
        writer.close()


async def _converse(pool: ThreadPoolExecutor, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One block after the other: the next is read when the last is answered."""
    certificate = of_der(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
    loop = asyncio.get_running_loop()
    while (data := await block(reader)) is not None:
        writer.write(framed(await loop.run_in_executor(pool, _answered, data, certificate)))
        await writer.drain()


def _answered(data: bytes, certificate: bytes) -> bytes:
    """With a connection of this block's own: nothing else ends what a thread holds."""
    try:
        return answer(data, certificate)
    finally:
        close_old_connections()


def answer(data: bytes, certificate: bytes) -> bytes:
    """The ACKs of one block: AR from whoever is not heard, cannot be read, or comes while the registry is away."""
    at = timezone.now()
    try:
        sender, left = coming_with(certificate, through=Format.HL7V2, at=at)
        told = submit(data, form=Format.HL7V2, sender=sender, registry=registry_keys(), at=at, left=left)
        return acks(data, told.read.rows, speaking=LANGUAGE)
    except SoftwareRefused as refused:
        problem = details(refused.kind, refused.reason)
        return reject(data, text=" ".join(filter(None, (problem.title, problem.detail, problem.see))), speaking=LANGUAGE)
    except ReportError as error:
        return reject(data, error.problems, speaking=LANGUAGE)
    except Exception as error:
        _log.error("a block could not be taken", error=type(error).__name__)
        return reject(data, text=_AWAY, speaking=LANGUAGE)
