// Numbers in IEEE half precision: 1 bit of sign, 5 of exponent, 10 of fraction.

const BITS = new DataView(new ArrayBuffer(4));

/** The 16 bits of a number. Ties are rounded up. */
export function toHalf(value: number): number {
  BITS.setFloat32(0, value);
  const bits = BITS.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const rounded = (bits & 0x7fffffff) + 0x1000;
  if (rounded >= 0x47800000) return sign | 0x7c00 | (Number.isNaN(value) ? 1 : 0);
  // Smaller than the least normal number: it has an exponent of 0.
  if (rounded < 0x38800000) return sign | Math.round(Math.abs(value) * 2 ** 24);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** @param bits the 16 bits of a number */
export function fromHalf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
