/** Images, photographs, faces. */
import { z } from 'zod';
import { Binary, FaceSide, Instant, MmPerPx, Picture, ProblemSchema, Sha256, SpecimenKind, id } from './common.ts';
import { Job } from './jobs.ts';

export const Image = z
  .object({
    sha256: Sha256,
    mediaType: z.string(),
    sizeBytes: z.int(),
    widthPx: z.int(),
    heightPx: z.int(),
    bitDepth: z.int().describe('bits a channel'),
    exif: z.record(z.string(), z.record(z.string(), z.unknown())).nullable().describe('as the camera wrote it, kept as provenance; without GPS unless the operator keeps it'),
    receivedAt: Instant,
  })
  .meta({ id: 'Image' });

export const Lookup = z.strictObject({ sha256: z.array(Sha256).min(1).max(1000) }).meta({ id: 'ImageLookup' });
export const LookupAnswer = z.object({ known: z.array(Sha256), unknown: z.array(Sha256) }).meta({ id: 'ImageLookupAnswer' });

/** Attaches an image that is already sealed. */
export const AttachImage = z.strictObject({ sha256: Sha256, side: FaceSide.optional(), mmPerPx: MmPerPx.optional() }).meta({ id: 'AttachImage' });

/** Form fields of a multipart upload; numbers arrive as text. */
export const AttachFields = z.strictObject({ side: FaceSide.optional(), mmPerPx: z.coerce.number().pipe(MmPerPx).optional() });

export const Scale = z.object({ mmPerPx: z.number().nullable(), source: z.enum(['given', 'ruler', 'none']), bounds: z.array(z.number()).length(2).nullable().describe('the true scale lies between these factors of mmPerPx; null without a scale') });

export const Photograph = z
  .object({
    id: id('ph'),
    imageSha256: Sha256,
    specimenId: id('sp').nullable().describe('null: the probe of a search, no casework'),
    side: FaceSide.nullable(),
    mmPerPx: z.number().nullable(),
    status: z.enum(['waiting', 'done', 'refused']),
    problem: ProblemSchema.nullable(),
    jobId: z.string(),
    faceIds: z.array(id('fa')),
    createdAt: Instant,
  })
  .meta({ id: 'Photograph' });

export const Upload = z.object({ image: Image, photograph: Photograph, job: Job }).meta({ id: 'Upload' });

export const Face = z
  .object({
    id: id('fa'),
    serial: z.int().describe('key in the index'),
    photographId: id('ph'),
    imageSha256: Sha256,
    specimenId: id('sp').nullable(),
    seizureId: id('sz').nullable(),
    side: FaceSide.nullable(),
    kind: SpecimenKind,
    bboxPx: z.array(z.number()).length(4).describe('x, y, width, height on the upright original'),
    outlinePx: z.array(z.array(z.number()).length(2)),
    scale: Scale,
    partial: z.boolean(),
    lengthMm: z.number().nullable(),
    widthMm: z.number().nullable(),
    diameterMm: z.number().nullable(),
    tiltDeg: z.number().nullable(),
    quality: z.object({
      expectedOverlap: z.number().describe('overlap (intersection over union) of the outline with the face that is to be expected, 0..1: how sure the outline is'),
      sharpness: z.number(),
      clippedDark: z.number(),
      clippedBright: z.number(),
      spanPx: z.number(),
      pxPerMm: z.number().nullable(),
      lightDirectionality: z.number(),
      lightAzimuthDeg: z.number().nullable(),
    }),
    colourLab: z.array(z.number()).length(3).describe('median CIELAB, D65; no property of a tool'),
    scoreLine: z.object({ strength: z.number(), angleDeg: z.number() }),
    provenance: z.object({ engineVersion: z.string(), parameters: z.record(z.string(), z.string()) }),
    pictures: z.array(Picture),
    createdAt: Instant,
  })
  .meta({ id: 'Face' });

/** The form of an upload, for the description. */
export const AttachForm = z.object({ photo: Binary, side: FaceSide.optional(), mmPerPx: MmPerPx.optional() }).meta({ id: 'AttachForm' });
