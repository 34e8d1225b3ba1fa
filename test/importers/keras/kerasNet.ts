// What does Keras write? A functional model, layer by layer, in the form of Keras 2 and in that of Keras 3.

type Data = Record<string, unknown>;

interface Written {
  readonly className: string;
  readonly name: string;
  readonly config: Data;
  readonly inputs: readonly string[];
}

export class KerasNet {
  private readonly layers: Written[] = [];

  constructor(
    readonly name: string,
    readonly shape: readonly (number | null)[],
  ) {
    this.layers.push({ className: 'InputLayer', name: 'input_1', config: {}, inputs: [] });
  }

  /** @returns the layer's name, for those that read it */
  add(className: string, name: string, inputs: string | readonly string[], config: Data = {}): string {
    this.layers.push({ className, name, config, inputs: typeof inputs === 'string' ? [inputs] : inputs });
    return name;
  }

  keras2(): Data {
    const layers = this.layers.map(({ className, name, config, inputs }) => ({
      class_name: className,
      name,
      config: { name, ...config, ...(className === 'InputLayer' ? { batch_input_shape: this.shape } : {}) },
      inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
    }));
    const ends = { input_layers: [['input_1', 0, 0]], output_layers: [[this.layers.at(-1)!.name, 0, 0]] };
    return { class_name: 'Functional', config: { name: this.name, layers, ...ends }, keras_version: '2.13.1' };
  }

  keras3(): Data {
    const tensor = (input: string): Data => ({
      class_name: '__keras_tensor__',
      config: { shape: [null], dtype: 'float32', keras_history: [input, 0, 0] },
    });
    const layers = this.layers.map(({ className, name, config, inputs }) => ({
      module: 'keras.layers',
      class_name: className,
      name,
      registered_name: null,
      config: { name, ...config, ...(className === 'InputLayer' ? { batch_shape: this.shape } : {}) },
      inbound_nodes:
        inputs.length === 0
          ? []
          : [{ args: inputs.length === 1 ? [tensor(inputs[0]!)] : [inputs.map(tensor)], kwargs: {} }],
    }));
    const ends = { input_layers: [['input_1', 0, 0]], output_layers: [[this.layers.at(-1)!.name, 0, 0]] };
    return { module: 'keras', class_name: 'Functional', config: { name: this.name, layers, ...ends } };
  }
}
