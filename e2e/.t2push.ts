import { jsonTrace, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { send } from '#e2e/otlp/send.ts';
const otlp = process.argv[2]!;
const H=3600_000;
await send(otlp, jsonTrace('t40', Date.now()-60000, [{id:'r',ms:40e-6},{id:'k',parent:'r',at:3e-6,ms:1e-6},{id:'l',parent:'r',at:10e-6,ms:20e-6}]));
await send(otlp, jsonTrace('t30h', Date.now()-40*H, [{id:'r',ms:30*H},{id:'k',parent:'r',at:3*H,ms:1.5*H},{id:'l',parent:'r',at:10*H,ms:61_000}]));
await send(otlp, jsonTrace('all', Date.now()-60000, [{id:'r',ms:100},{id:'r2',at:5,ms:10},{id:'c1',parent:'c2',at:3},{id:'c2',parent:'c1',at:4},{id:'o1',parent:'gone',at:10,ms:20},{id:'o2',parent:'gone2',at:10,ms:20},{id:'neg',parent:'r',at:10,ms:-3},{id:'zero',parent:'r',at:10,ms:0},{id:'late',parent:'r',at:110,ms:3},{id:'nt',parent:'r',raw:{startTimeUnixNano:'0',endTimeUnixNano:'0'}},{id:'dup',parent:'r',name:'a',at:5,ms:1},{id:'dup',parent:'r',name:'b',at:6,ms:1},{id:'nos',parent:'r',service:'',at:7,ms:1},     { id: 'call', parent: 'r', service: 'shop', kind: 3, at: 10, ms: 30 },
      { id: 'answer', parent: 'call', service: 'stock', kind: 2, at: 33, ms: 20,error:'boom' },{id:'x2',parent:'r',at:20,ms:3},{id:'x2',parent:'r',at:20,ms:3}]));
for (const l of ['t40','t30h','all']) console.log(l, traceIdOf(l));
