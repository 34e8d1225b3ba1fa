// Exported programs: counts, names, parameters and calls are those of the network, however it was exported.

import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../src/counters/reconcile.js';
import { closedForm } from '../../../src/formula/closedForm.js';
import { show } from '../../../src/dim/text.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readPt2 } from '../../../src/importers/pt2/readPt2.js';
import { readModel } from '../../../src/importers/readModel.js';
import { graphOf, type Model } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';
import { training } from '../../../src/training/training.js';
import { zipOf } from '../zip/zipOf.js';
import { DECOMPOSED, WHOLE } from './network.js';
import { archiveOf, p, programOf, x, type Network } from './programOf.js';

const read = (network: Network, options = {}): Model =>
  readPt2(bytesSource(archiveOf(programOf(network))), 'net.pt2', options);
const profiled = (network: Network, n = 1): Profile => {
  const model = read(network);
  return profile(graphOf(model, n, model.input), { source: model.source });
};

const CONV = 8 * 4 * 4 * 27;
const QKV = 16 * 8 * 24;
const ATTENTION = 2 * (2 * 16 * 16 * 4);
const HEAD = 8 * 5;
const PARAMS = 216 + 16 + 192 + 24 + 16 + 40 + 5;

describe('a network', () => {
  it('has the counts that its layers have, attention included', () => {
    const { totals, source, model } = profiled(WHOLE);
    expect([model, source]).toEqual(['net', 'pt2']);
    expect(totals.multAdds).toBe(CONV + QKV + ATTENTION + HEAD);
    expect(totals.params).toBe(PARAMS);
  });

  it('has the same counts when its ops were decomposed', () => {
    const [whole, parts] = [profiled(WHOLE), profiled(DECOMPOSED)];
    expect(parts.totals.multAdds).toBe(whole.totals.multAdds);
    expect(parts.totals.params).toBe(whole.totals.params);
    expect(parts.totals.memoryAccess).toEqual(whole.totals.memoryAccess);
    const layers = ({ layers }: Profile) =>
      layers.filter(({ multAdds }) => multAdds > 0).map(({ name, multAdds }) => [name, multAdds]);
    expect(layers(parts)).toEqual(layers(whole));
  });

  it('names its layers after its modules, with stages and blocks', () => {
    const named = profiled(WHOLE).layers.filter(({ op }) => op === 'conv' || op === 'linear');
    expect(named.map(({ name, stage, block }) => [name, stage, block])).toEqual([
      ['stem.conv', 'stem', ''],
      ['blocks.0.qkv', 'blocks', 'blocks.0'],
      ['head', '', ''],
    ]);
  });

  it('says how many parameters of the file nothing reads', () => {
    expect(profiled(WHOLE).unread).toBe(7 * 8);
    expect(profiled({ ...WHOLE, parameters: without(WHOLE.parameters!, 'aux.weight') }).unread).toBeUndefined();
  });

  it('says how many of its parameters take no gradient, and trains none of them', () => {
    const frozen = Object.keys(WHOLE.parameters!).filter((path) => !path.startsWith('head.'));
    const learnt = profiled(WHOLE).totals;
    const { params, frozenParams } = profiled({ ...WHOLE, frozen }).totals;
    expect(learnt.frozenParams).toBeUndefined();
    expect([params, frozenParams]).toEqual([PARAMS, PARAMS - HEAD - 5]);
    const step = training(read({ ...WHOLE, frozen })).totals;
    // The head alone has a gradient: that of its weights.
    expect([step.backwardMultAdds, step.gradientBytes]).toEqual([HEAD, 4 * (HEAD + 5)]);
  });

  it('is what each counter would have seen while it ran', () => {
    const totals = (network: Network) =>
      Object.fromEntries(reconcile(read(network)).counters.map(({ counter, total }) => [counter, total]));
    const whole = totals(WHOLE);
    const core = CONV + QKV + HEAD;
    expect(whole['torch']).toBe(2 * (core + ATTENTION));
    // fvcore has no rule for the fused attention; 2 for each norm element, 5 for each of the layer norm.
    expect(whole['fvcore']).toBe(core + 2 * 128 + 5 * 128);
    // ptflops and thop know nn.LayerNorm and no subclass of it.
    expect(whole['ptflops']).toBe(core + 16 * 24 + 5 + 2 * 128 + 2 * 128);
    expect(whole['thop']).toBe(core + 4 * 128);
    expect(whole['torchinfo']).toBe(CONV + (192 + 24) + 45 + 16 + 16);
    const parts = totals(DECOMPOSED);
    for (const counter of Object.keys(whole)) expect([counter, parts[counter]]).toEqual([counter, whole[counter]]);
  });

  it('counts a module that runs twice twice, and its parameters once', () => {
    const twice: Network = {
      inputs: { image: [1, 4, 8, 8] },
      parameters: { 'conv.weight': [4, 4, 3, 3] },
      calls: ['a', 'b'].map((name, i) => ({
        op: 'aten.conv2d.default',
        given: { input: x(i === 0 ? 'image' : 'a'), weight: p('conv.weight'), padding: [1, 1] },
        makes: { [name]: [1, 4, 8, 8] },
        at: ['conv', 'torch.nn.modules.conv.Conv2d'],
      })),
      outputs: ['b'],
    };
    const { totals, layers } = profiled(twice);
    expect([totals.params, totals.multAdds]).toEqual([144, 2 * 64 * 144]);
    expect(layers.map(({ name }) => name)).toEqual(['conv', 'conv_2']);
  });
});

describe('sizes that are open', () => {
  const open: Network = {
    inputs: { image: ['s77', 3, "Symbol('s0', positive=True, integer=True)", 's1'] },
    parameters: { 'conv.weight': [8, 3, 3, 3] },
    hints: { s77: 2, s1: 96 },
    ranges: { s77: { min_val: 2, max_val: 64 } },
    calls: [
      {
        op: 'aten.conv2d.default',
        given: { input: x('image'), weight: p('conv.weight'), bias: null, stride: [2, 2], padding: [1, 1] },
        makes: { conv: ['s77', 8, '((s0 - 1)//2) + 1', '((s1 - 1)//2) + 1'] },
        at: ['conv', 'torch.nn.modules.conv.Conv2d'],
      },
      { op: 'aten.sym_size.int', given: { self: x('conv'), dim: 2 }, makes: { rows: null } },
      {
        op: '_operator.floordiv',
        given: { a: { computed: 'rows' }, b: 2 },
        makes: { half: null },
      },
      { op: '_operator.mul', given: { a: { computed: 'half' }, b: 2 }, makes: { even: null } },
      {
        op: 'aten.slice.Tensor',
        given: { self: x('conv'), dim: 2, start: 0, end: { computed: 'even' } },
        makes: { part: ['s77', 8, 's0', 's1'] },
      },
    ],
    outputs: ['part'],
  };

  it('are one image of the size of the example', () => {
    const model = read(open);
    expect([model.batch, ...model.input]).toEqual([undefined, 3, 224, 96]);
  });

  it('are bound to what is asked for', () => {
    const model = read(open);
    const at = (n: number, h: number, w: number) => profile(graphOf(model, n, [3, h, w]));
    expect(at(1, 32, 32).totals.multAdds).toBe(16 * 16 * 8 * 27);
    expect(at(5, 31, 64).totals.multAdds).toBe(5 * 16 * 32 * 8 * 27);
    expect(at(1, 30, 64).layers.at(-1)!.outShape).toEqual([1, 8, 14, 32]);
    expect(() => at(65, 32, 32)).toThrow(/net\.pt2: its size s77 is 1 to 64 and not 65: give another/);
  });

  it('are symbols of a formula', () => {
    const { counts } = closedForm(read(open));
    expect(show(counts.multAdds)).toBe('54 h n w');
  });

  it('that the program fixes are refused with what would help', () => {
    expect(() => graphOf(read(WHOLE), 1, [3, 9, 24])).toThrow(
      /^net\.pt2: it is exported for an input of \[1, 3, 8, 8\] and does not take \[1, 3, 9, 24\]: .*; export it with dynamic_shapes for other sizes$/,
    );
    // Nothing in this network depends on the number of rows.
    expect(profile(graphOf(read({ ...open, inputs: { image: [1, 3, 8, 8] } }), 3, [3, 16, 16])).totals.multAdds).toBe(
      3 * 8 * 8 * 8 * 27,
    );
  });
});

describe('another file', () => {
  const file = (members: readonly string[], name: string) =>
    readModel({ name, source: bytesSource(zipOf(members.map((member) => ({ name: member, content: 'x' })))) });
  const EXPORT = /run torch\.export\.save\(torch\.export\.export\(model, \(x,\)\), 'model\.pt2'\) and give that file/;

  it.each([
    [
      'a state dictionary',
      ['net/data.pkl', 'net/data/0', 'net/version'],
      'w.pth',
      /w\.pth: it is what torch\.save writes/,
    ],
    [
      'a TorchScript archive',
      ['m/code/a.py', 'm/constants.pkl', 'm/data.pkl'],
      'm.pt',
      /m\.pt: it is a TorchScript archive/,
    ],
    [
      'compiled code',
      ['m/archive_format', 'm/data/aotinductor/m/a.so'],
      'm.pt2',
      /m\.pt2: it is code that AOTInductor/,
    ],
  ])('that is %s is called that, whatever its name', async (_, members, name, says) => {
    await expect(file(members, name)).rejects.toThrow(says);
    await expect(file(members, 'model.bin')).rejects.toThrow(EXPORT);
  });

  it('of weights that is no archive is called that', async () => {
    const pickle = new Uint8Array([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20]);
    await expect(readModel({ name: 'old.pth', source: bytesSource(pickle) })).rejects.toThrow(
      /old\.pth: it is a pickle.*torch\.export/,
    );
    const header = '{"conv.weight":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}';
    const bytes = new Uint8Array(8 + header.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    await expect(readModel({ name: 'w.safetensors', source: bytesSource(bytes) })).rejects.toThrow(
      /it is a safetensors file.*torch\.export/,
    );
  });

  it('of an older torch is read, whose program stands at the root', async () => {
    const bytes = zipOf([
      { name: 'serialized_exported_program.json', content: JSON.stringify(programOf(WHOLE)) },
      { name: 'serialized_state_dict.pt', content: 'x' },
      { name: 'version', content: '7.3' },
    ]);
    const model = await readModel({ name: 'old.pt2', source: bytesSource(bytes) });
    expect(profile(graphOf(model)).totals.params).toBe(PARAMS);
  });
});

describe('what is not known', () => {
  const unknown: Network = {
    ...WHOLE,
    calls: WHOLE.calls.flatMap((call) =>
      call.op === 'aten.layer_norm.default'
        ? [
            { ...call, op: 'mine.norm.default' },
            { op: 'mine.other.default', given: { self: x('tokens') }, makes: { aside: [1, 2] } },
          ]
        : [call],
    ),
  };

  it('is listed, each op once', () => {
    expect(() => read(unknown)).toThrow(
      'net.pt2: flopscope does not know mine.norm (1x, first node "layer_norm"), mine.other (1x, first node "aside")',
    );
  });

  it('is left out on request, and what follows is counted by the shapes that the file states', () => {
    const { totals, lowerBound } = profile(graphOf(read(unknown, { allowUnknown: true })));
    expect(lowerBound).toMatchObject({ behind: 0 });
    expect(totals.multAdds).toBe(CONV + QKV + ATTENTION + HEAD);
    expect(totals.params).toBe(PARAMS - 16);
  });
});

describe('a damaged program', () => {
  type Path = readonly (string | number)[];
  /** The program with another value at a place; undefined takes the key away. */
  const damaged = (path: Path, value: unknown): (() => Model) => {
    const program = structuredClone(programOf(WHOLE)) as Record<string, unknown>;
    const holder = path
      .slice(0, -1)
      .reduce<Record<string, unknown>>((all, key) => all[key] as Record<string, unknown>, program);
    if (value === undefined) Reflect.deleteProperty(holder, path.at(-1)!);
    else holder[path.at(-1)!] = value;
    return () => readPt2(bytesSource(archiveOf(program)), 'net.pt2');
  };
  const graph = ['graph_module', 'graph'];
  const nodes = [...graph, 'nodes'];
  const tensors = [...graph, 'tensor_values'];
  const image = [...tensors, 'image', 'sizes', 0];

  it.each<[what: string, path: Path, value: unknown, says: RegExp]>([
    ['no graph', ['graph_module'], undefined, /has no graph_module: export the model again/],
    ['nodes that are no list', nodes, {}, /graph\.nodes of its exported program must be a list, and it is a mapping/],
    ['a target that is not a text', [...nodes, 0, 'target'], 7, /nodes\[0\]\.target of .* must be a text, and it is 7/],
    ['two kinds of one argument', [...nodes, 0, 'inputs', 0, 'arg'], { as_int: 1, as_bool: true }, /of one key/],
    ['a size that is not a number', image, { as_int: 'a' }, /must be a whole number/],
    ['a size that is no expression', image, { as_expr: { expr_str: '2*(' } }, /is not an expression/],
    [
      'a value that nothing makes',
      [...nodes, 1, 'inputs', 0, 'arg'],
      { as_tensor: { name: 'ghost' } },
      /node "normed" \(aten\.batch_norm in stem\.norm\) reads "ghost", which nothing makes/,
    ],
    ['a value that is made twice', [...nodes, 1, 'outputs'], [{ as_tensor: { name: 'conv' } }], /exists already/],
    ['no tensor of a parameter', [...tensors, 'p_head_weight'], undefined, /does not say what "p_head_weight" is/],
  ])('with %s is refused in one sentence', (_, path, value, says) => {
    expect(damaged(path, value)).toThrow(says);
  });

  it('whose shapes do not fit names the node', () => {
    const model = damaged([...tensors, 'p_head_weight', 'sizes', 1], { as_int: 9 })();
    expect(() => graphOf(model)).toThrow(/net\.pt2: node "logits" \(aten\.linear in head\): .*\[1, 8\].*\[5, 9\]/);
  });
});

const without = <T>(from: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name !== key));
