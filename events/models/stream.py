"""How far the messages of Kafka have been stored."""

from django.db import models

from common.fields import InstantField


class StreamPosition(models.Model):
    """A partition of the topic: moved in the transaction that stores its messages."""

    topic = models.CharField(max_length=249)
    partition = models.IntegerField()
    next_offset = models.BigIntegerField(db_default=0)
    high_watermark = models.BigIntegerField(
        "end", db_default=0, help_text="Where the next message will be, as far as is known."
    )
    newest_at = InstantField(
        "newest message", null=True, help_text="Kafka's own time of the newest message stored."
    )
    waiting_since = InstantField(null=True, help_text="Since when something has waited.")
    moved_at = InstantField("moved", null=True, help_text="When a consumer last stored something.")
    stored = models.BigIntegerField(db_default=0)
    duplicate = models.BigIntegerField(db_default=0)
    refused = models.BigIntegerField(db_default=0)
    dead = models.BigIntegerField("dead letters", db_default=0)
    dead_at = InstantField("newest dead letter", null=True)
    minute_at = InstantField(null=True, help_text="The minute in which it last moved.")
    minute_stored = models.BigIntegerField(db_default=0, help_text="Stored in that minute.")
    minute_before_stored = models.BigIntegerField(db_default=0, help_text="And in the one before.")

    class Meta:
        verbose_name = "Kafka partition"
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "partition"], name="stream_position_is_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic}, partition {self.partition}"

    @property
    def lag(self) -> int:
        """Messages that wait, as far as is known."""
        return max(0, self.high_watermark - self.next_offset)
