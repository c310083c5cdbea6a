export async function writeReport(_path: string, _content: object): Promise<void> {}
