// Writes models as Keras 3 does: layers with modules, policies and histories of tensors.

export type Data = Record<string, unknown>;

const policy = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null };

/** A tensor of a layer. @param shape what Keras states beside it; null where it says nothing */
export const tensor = (layer: string, output = 0, shape: unknown = null, call = 0): Data => ({
  class_name: '__keras_tensor__',
  config: { shape, dtype: 'float32', keras_history: [layer, call, output] },
});

/** A layer as it stands inside another. */
export const layer = (className: string, config: Data = {}, name = className.toLowerCase()): Data => ({
  module: 'keras.layers',
  class_name: className,
  config: { name, trainable: true, dtype: policy, ...config },
  registered_name: null,
});

/** One call of a layer with arguments by position and by name. */
export interface Called {
  readonly args: readonly unknown[];
  readonly kwargs?: Data;
}

export const called = (written: Data, ...calls: readonly Called[]): Data => ({
  ...written,
  name: (written['config'] as Data)['name'],
  inbound_nodes: calls.map(({ args, kwargs = {} }) => ({ args, kwargs })),
});

export const input = (name: string, shape: readonly (number | null)[]): Data => ({
  ...called({ ...layer('InputLayer', {}, name) }),
  config: { batch_shape: [null, ...shape], dtype: 'float32', sparse: false, ragged: false, name, optional: false },
});

type End = readonly [layer: string, call: number, output: number];

export const functional = (layers: readonly Data[], outputs: readonly End[], name = 'functional'): Data => ({
  module: 'keras.src.models.functional',
  class_name: 'Functional',
  config: {
    name,
    trainable: true,
    layers,
    input_layers: layers
      .filter(({ class_name }) => class_name === 'InputLayer')
      .map((one) => [one['name'], 0, 0] as const),
    output_layers: outputs,
  },
  registered_name: 'Functional',
});

/** A Sequential model. @param shape without the batch */
export const sequential = (shape: readonly (number | null)[], ...layers: readonly Data[]): Data => ({
  module: 'keras',
  class_name: 'Sequential',
  config: {
    name: 'sequential',
    trainable: true,
    dtype: policy,
    layers: [input('input_layer', shape), ...layers],
    build_input_shape: [null, ...shape],
  },
  registered_name: null,
});
