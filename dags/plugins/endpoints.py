"""Where the channels are, as Airflow's connections (Admin → Connections) say; docs/alerts.md says how to fill them in.

Imported by Airflow at every start, so nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from email.message import EmailMessage

    from pipeline.sending import Channel, Endpoint


def endpoint_of(channel: Channel) -> Endpoint | None:
    """Return how a channel of the catalog is reached; None where its connection does not exist."""
    return endpoint(channel.kind, channel.connection)


def endpoint(kind: str, connection: str) -> Endpoint | None:
    """Return what the connection says of a robot, a webhook or a mailbox.

    Host: a whole address, or a host, or (robots) empty for the vendor's own. Password: the robot's key. Extra, all
    optional: `secret` for signatures, `headers`, `proxy`, `ca_file`; for e-mail `from_email`.
    Raises SendError where it is filled in badly.
    """
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException
    from airflow.sdk.log import mask_secret

    from pipeline.sending import Endpoint, web_address

    try:
        kept = Connection.get(connection)
    except AirflowNotFoundException:
        return None
    extra = kept.extra_dejson
    if kind == "email":
        return Endpoint(kind, connection, sender=extra.get("from_email") or kept.login or "")
    url = web_address(kind, connection, kept.host or "", kept.schema or "", kept.port, kept.password or "")
    mask_secret(url)
    return Endpoint(
        kind,
        connection,
        url=url,
        secret=extra.get("secret") or (kept.password if kind == "webhook" else None),
        headers=extra.get("headers") or {},
        proxy=extra.get("proxy"),
        ca_file=extra.get("ca_file"),
    )


def mail(connection: str, message: EmailMessage, to: Sequence[str]) -> Mapping[str, tuple[int, bytes]]:
    """Send an e-mail through an SMTP connection, once, to these mailboxes; return those that were refused.

    The hook's own `send_email_smtp` has no plain part, and tries six times on end whatever went wrong, so that a slow
    server would get copies and hold up everybody; the outbox tries again by itself, later.
    """
    from airflow.providers.smtp.hooks.smtp import SmtpHook
    from airflow.sdk.exceptions import AirflowException

    from pipeline.sending import SendError

    class Once(SmtpHook):
        smtp_retry_limit = 0

        @property
        def timeout(self) -> int:
            return int(self.conn.extra_dejson.get("timeout", 10))

        def hand_over(self) -> Mapping[str, tuple[int, bytes]]:
            try:
                self.get_conn()
                return self._smtp_client.send_message(message, to_addrs=list(to))
            finally:
                if self._smtp_client:
                    self._smtp_client.close()

    try:
        return Once(smtp_conn_id=connection).hand_over()
    except AirflowException as error:
        raise SendError(f"无法连接邮件服务器（连接 {connection}）") from error
