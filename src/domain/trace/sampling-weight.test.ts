import { expect, test } from 'vitest';
import { samplingWeight } from './sampling-weight.ts';

test.each([
  ['ot=th:0', 1],
  ['ot=th:8', 2],
  ['ot=th:c', 4],
  ['ot=th:fd70a4', 100.0001],
  ['vendor=1,ot=rv:1234567890abcd;th:c', 4],
  ['ot=p:8;th:c;rv:00000000000001, other=th:8', 4],
])('%s stands for %d spans', (traceState, weight) => {
  expect(samplingWeight(traceState)).toBeCloseTo(weight, 4);
});

test.each(['', 'ot=rv:c', 'other=th:c', 'ot=th:', 'ot=th:xyz', 'ot=th:123456789012345', 'ot=xth:c', 'not=th:8'])(
  '%s says nothing',
  traceState => {
    expect(samplingWeight(traceState)).toBeUndefined();
  },
);
