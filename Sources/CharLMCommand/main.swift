import CharLM
import Glibc
import RecurrentNN
func now() -> Double { var t = timespec(); unsafe clock_gettime(CLOCK_MONOTONIC, &t); return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9 }
print(Kernels.active.name, Kernels.productName)
for s in BenchmarkShape.all where CommandLine.arguments.count < 2 || CommandLine.arguments[1].split(separator: ",").contains(Substring(s.name)) {
  let r = try Benchmark.run(s, seconds: 4, threadCount: 2, clock: now)
  print(s.name, r.trainTokensPerSecond.rounded(), r.stepSeconds*1e3, s.nominalFlops/r.stepSeconds/1e9, r.sampleTokensPerSecond.rounded())
}
