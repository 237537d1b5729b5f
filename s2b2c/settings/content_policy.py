"""What a browser may load and run on our pages. Imported by base."""

import environ
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

# The live server, where it has an origin of its own.
LIVE = [origin] if (origin := environ.Env()("LIVE_URL", default="").rstrip("/")) else []

# The shop: no inline script or style, nothing from another host. QR codes and icons are inline SVG, which is markup.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *LIVE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# The style sheet that model-viewer writes into its own shadow tree (static/vendor/model-viewer-4.4.0); a test compares.
MODEL_VIEWER_STYLE = "'sha256-PXtZZkJMMyc18o/DN1ZEFOJ2qEGq95IQbVaJFMOXOb0='"
# Path prefix → the directives that differ. Unfold's Alpine evaluates its attributes, Wagtail's panels and Swagger's
# page carry inline scripts, and Wagtail shows its previews in frames of its own.
CONTENT_POLICY_BY_PREFIX = {
    "/vehicles/": {"style-src": [SELF, MODEL_VIEWER_STYLE]},
    "/admin/": {"script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]},
    "/cms/": {
        "script-src": [SELF, UNSAFE_INLINE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
    },
    "/api/v1/docs/": {"script-src": [SELF, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]},
}
