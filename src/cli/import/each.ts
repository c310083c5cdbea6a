/** Runs `work` over the list in its order, `most` at a time; the results stand in the list's order. */
export async function eachOf<T, Result>(list: readonly T[], most: number, work: (item: T) => Promise<Result>, onDone: (count: number) => void): Promise<Result[]> {
  const results: Result[] = [];
  let [next, count] = [0, 0];
  onDone(0);
  const lane = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++;
      results[at] = await work(list[at]!);
      onDone(++count);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, list.length) }, lane));
  return results;
}
