-- For wrk: sends the requests of the file named by REQUESTS, each as it is: a line with its length, then its bytes.
-- REQUESTS_ONCE=1 sends each at most once and stops after the last; otherwise every thread goes round.
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long seconds; long nanoseconds; } instant; int clock_gettime(int, instant *); ]]
local instant = ffi.new("instant")
local function now()
  ffi.C.clock_gettime(1, instant)
  return tonumber(instant.seconds) + tonumber(instant.nanoseconds) / 1e9
end

local threads = {}
function setup(thread)
  table.insert(threads, thread)
  thread:set("thread_number", #threads)
end

local once = os.getenv("REQUESTS_ONCE") == "1"
local requests, position = {}, 0
-- Globals, since done() reads them from each thread.
began, ran_out = 0, 0

function init()
  local file = assert(io.open(os.getenv("REQUESTS"), "rb"))
  local number = 0
  local stride = tonumber(os.getenv("REQUESTS_THREADS"))
  for length in function() return file:read("*n") end do
    file:read(1)
    local request = file:read(length)
    number = number + 1
    if not once or number % stride == thread_number % stride then requests[#requests + 1] = request end
  end
  file:close()
  if not once then position = math.floor(#requests * (thread_number - 1) / stride) end
  began = now()
end

function request()
  position = position + 1
  if position > #requests then
    position = 1
    if once then
      if ran_out == 0 then ran_out = now() end
      wrk.thread:stop()
    end
  end
  return requests[position]
end

function done(summary, latency)
  local active = summary.duration / 1e6
  local longest, all_ran_out = 0, true
  for _, thread in ipairs(threads) do
    local ran = thread:get("ran_out") - thread:get("began")
    if ran <= 0 then all_ran_out = false elseif ran > longest then longest = ran end
  end
  if all_ran_out then active = math.min(active, longest) end
  local errors = summary.errors
  io.write(string.format('\nMEASURED {"requests":%d,"seconds":%.6f,"p50_us":%d,"p99_us":%d,"refused":%d,"broken":%d}\n',
    summary.requests, active, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
