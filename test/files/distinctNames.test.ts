// Networks of one name get the names of their files, with as many folders as it takes.

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { renamed, distinctNames, type Named } from '../../src/files/distinctNames.js';

const net = (path: string): Named => ({ name: 'net', path });

describe('names of several networks', () => {
  it.each<readonly [title: string, all: readonly Named[], names: readonly string[]]>([
    ['that differ stay', [{ name: 'a', path: 'x/a.onnx' }, { name: 'b' }], ['a', 'b']],
    ['take the file', [net('one/net.onnx'), net('net.tflite')], ['net.onnx', 'net.tflite']],
    ['take one folder', [net('x/one/net.onnx'), net('x/two/net.onnx')], ['one/net.onnx', 'two/net.onnx']],
    ['take two folders', [net('a/m/net.onnx'), net('b/m/net.onnx')], ['a/m/net.onnx', 'b/m/net.onnx']],
    [
      'take no more than each needs',
      [net('a/net.onnx'), net('b/net.onnx'), net('b/net.h5')],
      ['a/net.onnx', 'b/net.onnx', 'net.h5'],
    ],
    ['may be one path inside the other', [net('net.onnx'), net('./sub/net.onnx')], ['net.onnx', 'sub/net.onnx']],
    ['are folders', [net('one/net/'), net('two/net/')], ['one/net', 'two/net']],
    ['leave what is built in', [{ name: 'net' }, net('x/net.onnx')], ['net', 'net.onnx']],
    ['of one file twice stay one', [net('net.onnx'), net('net.onnx')], ['net', 'net']],
    ['do not take that of another', [net('a/b'), net('c/d'), { name: 'b' }], ['a/b', 'd', 'b']],
  ])('%s', (_, all, names) => {
    expect(distinctNames(all)).toEqual(names);
  });
});

it('a model under another name builds graphs of that name', () => {
  const model = renamed(builtIn('resnet18'), 'mine');
  expect([model.name, model.build([1, ...model.input]).name]).toEqual(['mine', 'mine']);
});
