// A file as a C++ array: node embed.mjs FILE NAME HEADER
import { readFileSync, writeFileSync } from 'node:fs';

const [file, name, header] = process.argv.slice(2);
writeFileSync(header, `alignas(16) constexpr unsigned char ${name}[] = {${readFileSync(file).join(',')}};\n`);
