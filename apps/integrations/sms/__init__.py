"""SMS through Aliyun (Dysmsapi)."""
