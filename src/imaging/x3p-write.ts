/** Surface -> X3P (ISO 25178-72): one layer of heights in metres, NaN where nothing was measured. */
import { createHash } from 'node:crypto';
import { XMLBuilder } from 'fast-xml-parser';
import { zipSync } from 'fflate';
import type { Surface } from './surface.ts';

const DATA = 'bindata/data.bin';
/** The zip format knows no time before it. The same surface gives the same bytes. */
const EPOCH = new Date(1980, 0, 1);

/** Heights that were whole numbers in the file they came from are written as 64-bit floating point, which holds them all. */
export function writeX3p(surface: Surface): Uint8Array {
  const single = surface.precision === 'single';
  const data = new Uint8Array(surface.heightsM.length * (single ? 4 : 8));
  const view = new DataView(data.buffer);
  surface.heightsM.forEach((metres, i) => (single ? view.setFloat32(i * 4, metres, true) : view.setFloat64(i * 8, metres, true)));
  const document = new TextEncoder().encode(documentOf(surface, single ? 'F' : 'D', md5(data)));
  return zipSync({ [DATA]: data, 'main.xml': document, 'md5checksum.hex': new TextEncoder().encode(`${md5(document)} *main.xml\n`) }, { mtime: EPOCH, level: 6 });
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

function documentOf({ width, height, stepXM, stepYM, offsetXM, offsetYM, record }: Surface, stored: 'F' | 'D', checksum: string): string {
  const along = (step: number, offset: number): object => ({ AxisType: 'I', DataType: 'D', Increment: step, Offset: offset });
  const body = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    'p:ISO5436_2': {
      '@xmlns:p': 'http://www.opengps.eu/2008/ISO5436_2',
      '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      '@xsi:schemaLocation': 'http://www.opengps.eu/2008/ISO5436_2 http://www.opengps.eu/2008/ISO5436_2/ISO5436_2.xsd',
      Record1: { Revision: record.revision, FeatureType: record.featureType, Axes: { CX: along(stepXM, offsetXM), CY: along(stepYM, offsetYM), CZ: { AxisType: 'A', DataType: stored, Increment: 1, Offset: 0 } } },
      Record2: {
        Date: record.date,
        ...(record.creator === null ? {} : { Creator: record.creator }),
        Instrument: { Manufacturer: record.instrument.manufacturer, Model: record.instrument.model, Serial: record.instrument.serial, Version: record.instrument.version },
        CalibrationDate: record.calibrationDate,
        ProbingSystem: { Type: record.probing.type, Identification: record.probing.identification },
        ...(record.comment === null ? {} : { Comment: record.comment }),
      },
      Record3: { MatrixDimension: { SizeX: width, SizeY: height, SizeZ: 1 }, DataLink: { PointDataLink: DATA, MD5ChecksumPointData: checksum } },
      Record4: { ChecksumFile: 'md5checksum.hex' },
    },
  };
  return new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true }).build(body) as string;
}
