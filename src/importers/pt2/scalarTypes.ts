// PyTorch's element types by number and name, as torch/_export/serde/schema.py has them.

const TYPES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  1: ['BYTE', 'uint8'],
  2: ['CHAR', 'int8'],
  3: ['SHORT', 'int16'],
  4: ['INT', 'int32'],
  5: ['LONG', 'int64'],
  6: ['HALF', 'float16'],
  7: ['FLOAT', 'float32'],
  8: ['DOUBLE', 'float64'],
  9: ['COMPLEXHALF', 'complex32'],
  10: ['COMPLEXFLOAT', 'complex64'],
  11: ['COMPLEXDOUBLE', 'complex128'],
  12: ['BOOL', 'bool'],
  13: ['BFLOAT16', 'bfloat16'],
  28: ['UINT16', 'uint16'],
  29: ['FLOAT8E4M3FN', 'float8_e4m3fn'],
  30: ['FLOAT8E5M2', 'float8_e5m2'],
  31: ['FLOAT8E4M3FNUZ', 'float8_e4m3fnuz'],
  32: ['FLOAT8E5M2FNUZ', 'float8_e5m2fnuz'],
};

const BY_NAME = new Map(Object.values(TYPES));

/** Older files give the name instead of the number. */
export const scalarType = (value: unknown): string =>
  (typeof value === 'number' && Object.hasOwn(TYPES, value) && TYPES[value]![1]) ||
  (typeof value === 'string' && BY_NAME.get(value)) ||
  'unknown';
