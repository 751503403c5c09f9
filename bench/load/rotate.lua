-- Sends the calls of a file in turn, and ends with one line of JSON that load/outcome.ts reads.
local requests = {}
local sent = 0

function init(args)
  for i, call in ipairs(dofile(args[1])) do
    local body = call.body ~= '' and call.body or nil
    requests[i] = wrk.format(call.method, call.path, call.headers, body)
  end
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"failures":%d,"seconds":%f,"p50":%f,"p99":%f}\n',
    summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3
  ))
end
