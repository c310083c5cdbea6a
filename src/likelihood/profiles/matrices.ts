/** Small symmetric matrices, row by row in one Float64Array of n * n. */

/** Lower triangular L with L L' = m, or null where m is not positive definite. */
export function cholesky(m: Float64Array, n: number): Float64Array | null {
  const l = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let sum = m[a * n + b];
      for (let k = 0; k < b; k++) sum -= l[a * n + k] * l[b * n + k];
      if (a !== b) l[a * n + b] = sum / l[b * n + b];
      else if (sum > 1e-14 * Math.abs(m[a * n + a])) l[a * n + a] = Math.sqrt(sum);
      else return null;
    }
  return l;
}

/** Inverse of a lower triangle. */
export function inverseOfLower(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let a = c; a < n; a++) {
      let sum = a === c ? 1 : 0;
      for (let k = c; k < a; k++) sum -= l[a * n + k] * inverse[k * n + c];
      inverse[a * n + c] = sum / l[a * n + a];
    }
  return inverse;
}

/** Eigenvalues and vectors (columns) of a symmetric matrix. Source: Jacobi's cyclic rotations, Golub and Van Loan 2013, 8.5. */
function eigen(symmetric: Float64Array, n: number): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const m = symmetric.slice();
  const v = new Float64Array(n * n);
  for (let a = 0; a < n; a++) v[a * n + a] = 1;
  for (let sweep = 0; sweep < 30; sweep++) {
    let [off, on] = [0, 0];
    for (let a = 0; a < n; a++) for (let b = 0; b <= a; b++) a === b ? (on += m[a * n + a] ** 2) : (off += m[a * n + b] ** 2);
    if (off <= 1e-22 * on) break;
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) {
        const between = m[p * n + q];
        if (between === 0) continue;
        const theta = (m[q * n + q] - m[p * n + p]) / (2 * between);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [x, y] = [m[k * n + p], m[k * n + q]];
          m[k * n + p] = c * x - s * y;
          m[k * n + q] = s * x + c * y;
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [m[p * n + k], m[q * n + k]];
          m[p * n + k] = c * x - s * y;
          m[q * n + k] = s * x + c * y;
          const [f, g] = [v[k * n + p], v[k * n + q]];
          v[k * n + p] = c * f - s * g;
          v[k * n + q] = s * f + c * g;
        }
      }
  }
  return { values: Float64Array.from({ length: n }, (_, a) => m[a * n + a]), vectors: v };
}

/** The symmetric inverse square root of a positive definite matrix, and the logarithm of its determinant. */
export function inverseRoot(m: Float64Array, n: number): { readonly root: Float64Array; readonly logDeterminant: number } {
  const { values, vectors } = eigen(m, n);
  const root = new Float64Array(n * n);
  let logDeterminant = 0;
  for (let k = 0; k < n; k++) {
    const value = Math.max(values[k], 1e-9);
    logDeterminant -= Math.log(value) / 2;
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) root[a * n + b] += (vectors[a * n + k] * vectors[b * n + k]) / Math.sqrt(value);
  }
  return { root, logDeterminant };
}

/**
 * The transform T that makes two covariances diagonal at once: T within T' = 1, T between T' = diag(shares).
 * @throws RangeError when `within` is not positive definite
 */
export function diagonalise(within: Float64Array, between: Float64Array, n: number): { readonly transform: Float64Array; readonly shares: Float64Array; readonly logDeterminant: number } {
  const lower = cholesky(within, n);
  if (!lower) throw new RangeError('the covariance within sources is not positive definite');
  const inverse = inverseOfLower(lower, n);
  const inner = product(product(inverse, between, n), transpose(inverse, n), n);
  for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) inner[a * n + b] = inner[b * n + a] = (inner[a * n + b] + inner[b * n + a]) / 2;
  const { values, vectors } = eigen(inner, n);
  let logDeterminant = 0;
  for (let a = 0; a < n; a++) logDeterminant -= Math.log(lower[a * n + a]);
  return { transform: product(transpose(vectors, n), inverse, n), shares: values.map((v) => Math.max(v, 0)), logDeterminant };
}

export function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) if (a[i * n + k] !== 0) for (let j = 0; j < n; j++) c[i * n + j] += a[i * n + k] * b[k * n + j];
  return c;
}

function transpose(a: Float64Array, n: number): Float64Array {
  const t = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) t[j * n + i] = a[i * n + j];
  return t;
}

/** Rows and columns that are named, of a matrix of n * n. */
export function part(m: Float64Array, n: number, kept: Uint16Array): Float64Array {
  const k = kept.length;
  const own = new Float64Array(k * k);
  for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) own[a * k + b] = m[kept[a] * n + kept[b]];
  return own;
}
