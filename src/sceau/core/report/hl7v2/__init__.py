"""HL7 v2.5.1, ORU^R01^ORU_R01: single messages and batches, both ways. `docs/reference/hl7v2.md` is the profile.

`write` gives what any HL7 v2 parser reads; `read_rows` takes what real senders send and refuses, by name, what it does not
understand. Never opens a connection: framing (MLLP) and acknowledgements belong to whoever transports the messages.
"""

from sceau.core.report.hl7v2.read import read_rows
from sceau.core.report.hl7v2.write import write

__all__ = ["read_rows", "write"]
