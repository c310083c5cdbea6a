/** Symmetric systems of equations. Matrices are square, row by row. */

/** The lower triangle L with L Lᵀ = matrix; undefined when the matrix is not positive definite. */
export function cholesky(matrix: Float64Array, n: number): Float64Array | undefined {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (i !== j) lower[i * n + j] = sum / lower[j * n + j]!;
      else if (sum > 1e-10 * matrix[i * n + i]!) lower[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  return lower;
}

/** The x of L Lᵀ x = vector. */
export function solveBy(lower: Float64Array, vector: Float64Array, n: number): Float64Array {
  const x = vector.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
}
