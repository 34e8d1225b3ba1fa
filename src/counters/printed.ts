// Prints a count as each tool does, with the units and the rounding of the tool's source.

/** Python's and C's rounding to a number of decimals: exact ties go to the even digit. */
export function fixed(value: number, decimals: number): string {
  const scaled = value * 10 ** decimals;
  const tie = scaled % 1 === 0.5 && scaled / 10 ** decimals === value;
  return tie ? ((2 * Math.round(scaled / 2)) / 10 ** decimals).toFixed(decimals) : value.toFixed(decimals);
}

/** Python's str(round(value, decimals)): at least one decimal, no zeros behind it. */
const rounded = (value: number, decimals: number): string => {
  const text = String(Number(fixed(value, decimals)));
  return text.includes('.') ? text : `${text}.0`;
};

/** The first unit that a value reaches, and the value in it; `''` below a thousand. */
function inUnit(value: number, units: readonly string[], from = 1): readonly [scaled: number, unit: string] {
  const index = units.findIndex((_, i) => value >= from * 1000 ** (units.length - i));
  return index < 0 ? [value, ''] : [value / 1000 ** (units.length - index), units[index]!];
}

/**
 * fvcore/nn/print_model_statistics.py, _format_size: 2.866G, and 0.314G since a unit starts at its
 * tenth.
 */
export function fvcoreText(value: number): string {
  const [scaled, unit] = inUnit(value, ['P', 'T', 'G', 'M', 'K'], 0.1 * (1 + Number.EPSILON));
  return unit === '' ? String(value) : `${String(Number(fixed(scaled, 3)))}${unit}`;
}

/** torch/utils/flop_counter.py, get_suffix_str: 8178.369M, since 10 digits are no billions yet. */
export function torchText(value: number): string {
  const suffixes = ['', 'K', 'M', 'B', 'T'];
  const index = Math.max(0, Math.min(suffixes.length - 1, Math.floor((String(value).length - 2) / 3)));
  return `${fixed(value / 1000 ** index, 3)}${suffixes[index]!}`;
}

/** ptflops/utils.py, flops_to_string: 2.9 GMac. */
export function ptflopsText(value: number): string {
  const [scaled, unit] = inUnit(value, ['GMac', 'MMac', 'KMac']);
  return unit === '' ? `${value} Mac` : `${rounded(scaled, 2)} ${unit}`;
}

/** thop/utils.py, clever_format with "%.3f" as its README calls it: 2.897G. */
export function thopText(value: number): string {
  const [scaled, unit] = inUnit(value, ['T', 'G', 'M', 'K']);
  return `${fixed(scaled, 3)}${unit || 'B'}`;
}

/** torchinfo/model_statistics.py: the line "Total mult-adds (G): 2.83". */
export function torchinfoText(value: number): string {
  const [scaled, unit] = inUnit(value, [' (T)', ' (G)', ' (M)', ' (K)']);
  return `mult-adds${unit}: ${unit === '' ? String(value) : fixed(scaled, 2)}`;
}

/** deepspeed/profiling/flops_profiler/profiler.py, number_to_string: "5.72 G". */
export function deepspeedText(value: number): string {
  const [scaled, unit] = inUnit(value, ['T', 'G', 'M', 'K']);
  return `${String(Number(Number(fixed(scaled, 2)).toPrecision(6)))} ${unit}`;
}

/** Billions or millions without a unit, as tables of results have them. */
export const inGiga =
  (decimals: number) =>
  (value: number): string =>
    fixed(value / 1e9, decimals);
export const inMega =
  (decimals: number) =>
  (value: number): string =>
    fixed(value / 1e6, decimals);

/** Papers: three digits, "2.83 G". */
export function paperText(value: number): string {
  const [scaled, unit] = inUnit(value, ['T', 'G', 'M', 'k'], 0.9995);
  const decimals = scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  return unit === '' ? String(value) : `${scaled.toFixed(decimals)} ${unit}`;
}

/** keras/src/utils/summary_utils.py: every digit, in groups of three. */
export const kerasText = (value: number): string => `Total params: ${grouped(value)}`;

const grouped = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** darknet/src/convolutional_layer.c: "%5.3f BFLOPs" of a count of operations. */
export const bflopsText = (value: number): string => `${fixed(value / 1e9, 3)} BFLOPs`;

/** AlexeyAB/darknet/src/parser.c: "Total BFLOPS %5.3f". */
export const totalBflopsText = (value: number): string => `Total BFLOPS ${fixed(value / 1e9, 3)}`;

/** tensorflow/core/profiler/internal/tfprof_utils.cc: "_TFProfRoot (--/7.75b flops)". */
export function tensorflowText(value: number): string {
  const [scaled, unit] = inUnit(value, ['b', 'm', 'k']);
  return `${unit === '' ? String(value) : fixed(scaled, 2)}${unit} flops`;
}

/** onnx_tool/utils.py, num2str: every digit, in groups of three. */
export const onnxToolText = (value: number): string => `${grouped(value)} MACs`;
