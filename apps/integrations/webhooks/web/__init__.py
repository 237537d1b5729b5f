"""Pages where managers of suppliers and dealers keep their webhooks."""
