-- wrk: ask for the addresses of a file in turn, shuffled once; tell in JSON how it went.
-- URLS names the file; HOST_SENT, ENCODING and COOKIE are sent along.
local paths, turn = {}, 0
for line in io.lines(os.getenv("URLS")) do if #line > 0 then paths[#paths + 1] = line end end
math.randomseed(11)
for last = #paths, 2, -1 do
  local other = math.random(last)
  paths[last], paths[other] = paths[other], paths[last]
end
local headers = { ["Host"] = os.getenv("HOST_SENT"), ["Accept-Encoding"] = os.getenv("ENCODING") or "identity" }
if #(os.getenv("COOKIE") or "") > 0 then headers["Cookie"] = os.getenv("COOKIE") end

request = function()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn], headers)
end

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('JSON{"requests": %d, "failed": %d, "p50_ms": %.2f}\n', summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50) / 1e3))
end
