// Records the cases of WebNN's baseline (github.com/webmachinelearning/webnn-baseline) for LSTM, GRU and their cells:
//
//   node record-cases.mjs CHECKOUT >cases.json
//   CHARLM_WEBNN_CASES=cases.json swift test --filter WebNNTests
//
// The baseline's own tests run, on copies of their files; what they call is written down with what it gives, in double
// precision. Where a test gives activations that no layer of PyTorch has, the baseline computes the case again with the
// usual ones.
import fs from 'fs';
import os from 'os';
import path from 'path';
import {pathToFileURL} from 'url';

const checkout = fs.mkdtempSync(path.join(os.tmpdir(), 'webnn-'));
process.on('exit', () => fs.rmSync(checkout, {recursive: true}));
for (const folder of ['src', 'test']) {
  fs.cpSync(path.join(process.argv[2], folder), path.join(checkout, folder), {recursive: true});
}
fs.writeFileSync(path.join(checkout, 'package.json'), '{"type": "module"}');
const cases = [];
let title = '';

const nothing = new Proxy(() => nothing, {get: () => nothing, apply: () => nothing});
globalThis.chai = {assert: {isTrue() {}, equal() {}, deepEqual() {}}, expect: nothing};
globalThis.describe = (_, body) => body();
globalThis.it = (name, body) => { title = name; body(); };

function plain(tensor) { return tensor && {shape: tensor.shape, values: Array.from(tensor.data)}; }

const argumentNames = {
  lstm: ['input', 'weight', 'recurrentWeight', 'steps', 'hiddenSize'],
  gru: ['input', 'weight', 'recurrentWeight', 'steps', 'hiddenSize'],
  lstmCell: ['input', 'weight', 'recurrentWeight', 'hidden', 'cell', 'hiddenSize'],
  gruCell: ['input', 'weight', 'recurrentWeight', 'hidden', 'hiddenSize'],
};

for (const [kind, file] of [['lstm', 'lstm'], ['gru', 'gru'], ['lstmCell', 'lstm_cell'], ['gruCell', 'gru_cell']]) {
  const {[kind]: compute} = await import(pathToFileURL(path.join(checkout, 'src', file + '.js')));
  globalThis.record = (...values) => {
    const given = {...(values[argumentNames[kind].length] ?? {})};
    const usual = {...given};
    delete usual.activations;
    const named = Object.fromEntries(argumentNames[kind].map((name, place) => [name, values[place]]));
    const outputs = [compute(...values.slice(0, argumentNames[kind].length), usual)].flat();
    cases.push({
      name: title, kind, hiddenSize: named.hiddenSize, direction: given.direction ?? 'forward',
      layout: given.layout ?? (kind.startsWith('lstm') ? 'iofg' : 'zrn'), resetAfter: given.resetAfter ?? true,
      hasOtherActivations: given.activations !== undefined,
      hasPeepholes: Array.from(given.peepholeWeight?.data ?? []).some((weight) => weight !== 0),
      input: plain(named.input), weight: plain(named.weight), recurrentWeight: plain(named.recurrentWeight),
      bias: plain(given.bias), recurrentBias: plain(given.recurrentBias),
      hidden: plain(named.hidden ?? given.initialHiddenState), cell: plain(named.cell ?? given.initialCellState),
      outputs: outputs.map(plain),
    });
    return compute(...values);
  };
  const tests = path.join(checkout, 'test');
  const copy = path.join(tests, `recorded_${file}.js`);
  const source = fs.readFileSync(path.join(tests, file + '_test.js'), 'utf8');
  fs.writeFileSync(copy, source.replace(new RegExp(`import \\{${kind}\\} from .*`), `const ${kind} = globalThis.record;`));
  await import(pathToFileURL(copy));
}
console.log(JSON.stringify(cases));
