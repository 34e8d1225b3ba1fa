// Networks of our own in Darknet's format, with most kinds of section: what is spoilt and read again.

const block = (filters: number, activation: string): string => `[convolutional]
batch_normalize=1
filters=${filters}
size=1
stride=1
pad=1
activation=${activation}

[convolutional]
batch_normalize=1
filters=${2 * filters}
size=3
stride=1
pad=1
activation=${activation}

[shortcut]
from=-3
activation=linear

`;

const head = (mask: string): string => `[convolutional]
size=1
filters=24
activation=linear

[yolo]
mask = ${mask}
anchors = 8,9, 14,22, 30,19, 41,60
classes=3
num=4

`;

/** A small detector of two levels, whose third row of masks has three anchors. */
const DETECTOR = `# a detector of our own
[net]
batch=8
subdivisions=2
width=96
height=64
channels=3
learning_rate=0.001

[convolutional]
batch_normalize=1
filters=16
size=3
stride=2
pad=1
activation=leaky

${block(8, 'leaky')}[maxpool]
size=2
stride=2

[convolutional]
filters=32
size=3
groups=2
pad=1
activation=mish

${block(16, 'mish')}[route]
layers=-1
groups=2
group_id=1

[maxpool]
size=3
stride=1

[route]
layers=-1,-2

[reorg]
stride=2

${head('1,2,3')}[route]
layers=-3

[upsample]
stride=2

[route]
layers=-1, 8

${head('0,1,2')}`;

const CLASSIFIER = `[network]
height=28
width=28
channels=1
[crop]
crop_height=24
crop_width=24
[conv]
filters=8
size=5
activation=ramp
[max]
size=2
stride=2
[local]
filters=4
size=3
pad=1
activation=leaky
[normalization]
size=3
[deconv]
filters=4
size=2
stride=2
activation=relu
[conv]
filters=4
activation=logistic
[avgpool]
[convolutional]
filters=4
activation=swish
[scale_channels]
from=-3
[batchnorm]
[dropout]
[connected]
output=10
activation=linear
[softmax]
[cost]
`;

export const DARKNET_NETS: readonly string[] = [DETECTOR, CLASSIFIER];
