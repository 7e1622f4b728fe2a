"""Events by way of Kafka: the format of its messages, what sends them, and what stores them."""
