// A model: a config with its fields, and the graph that it builds at an input shape.

import { Builder } from './builder.js';
import { complete, fieldAt, type Field, type Fields, type Given } from './fields.js';
import type { Graph, RunnableFile } from './graph.js';
import type { Family, ImageSize } from './families/family.js';
import { profile, type Profile, type Source } from './profile.js';
import type { Shape } from './shape.js';

export type Config = Readonly<Record<string, unknown>>;

export interface Model {
  readonly name: string;
  readonly source: Source;
  /** The default input, [C, H, W]. */
  readonly input: ImageSize;
  /** The default batch: 1, or the batch of the file. */
  readonly batch?: number;
  /** Whether its graphs leave out what flopscope does not know (Graph.omitted). */
  readonly partial?: boolean;
  /** Bytes of one element as the file stores its weights; 4 where absent. */
  readonly bytesPerElement?: number;
  /** The fields of `config`: they say where symbols can stand and what a config file may hold. */
  readonly fields: Fields;
  readonly config: Config;
  /** The field at a path of keys inside `config`, undefined where there is none. */
  fieldAt(path: readonly string[]): Field<unknown> | undefined;
  /**
   * @param input [N, C, H, W]
   * @param config replaces `config`; its sizes may be symbols
   */
  build(input: Shape, config?: Config): Graph;
  /**
   * The file that it was read from, as a runtime runs it; undefined where the file lacks weights or
   * takes other sizes.
   * @param input [N, C, H, W], all numbers
   */
  fileAt?(input: Shape): RunnableFile | undefined;
}

/** A member of a family, built in or the user's own. */
export function familyModel(family: Family, name: string, source: Source, given: Config): Model {
  const { fields, input } = family;
  return {
    name,
    source,
    input,
    fields,
    config: given,
    fieldAt: (path) => fieldAt(fields, path),
    build(shape, config = given) {
      const net = Builder.start();
      const x = net.input(shape);
      return net.finish(name, family.build(net, x, complete(fields, config as Given<Fields>)));
    },
  };
}

/** What a model is counted at. */
export interface ProfileSettings {
  /** Images per inference. By default, the model's own, or 1. */
  readonly batch?: number | undefined;
  /** [C, H, W]; by default, the model's own. */
  readonly input?: ImageSize | undefined;
  /** By default, what most weights of a file are stored in, or 4. */
  readonly bytesPerElement?: number | undefined;
}

/**
 * The counts of a model.
 * @throws InputError for a size that it does not take
 */
export function profileOf(model: Model, { batch, input, bytesPerElement }: ProfileSettings = {}): Profile {
  const bytes = bytesPerElement ?? model.bytesPerElement;
  const options = { source: model.source, ...(bytes === undefined ? {} : { bytesPerElement: bytes }) };
  return profile(graphOf(model, batch, input), options);
}

/** The graph at batch `n` and input [C, H, W], or at the model's own. */
export const graphOf = (model: Model, n = model.batch ?? 1, input: ImageSize = model.input): Graph =>
  model.build([n, ...input]);
