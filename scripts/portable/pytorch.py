"""Times eager PyTorch in float32, without and with TF32, as a yardstick beside flopscope's records; prints JSON lines."""

import json
import statistics
import sys
import time

try:
    import torch
    from torch import nn
except ImportError as missing:
    sys.exit(f"PyTorch is not timed: {missing}")

NETWORKS = ("resnet50", "densenet121", "densenet201", "mobilenet_v2")
TIMM = {"resnet50": "resnet50", "densenet121": "densenet121", "densenet201": "densenet201", "mobilenet_v2": "mobilenetv2_100"}
WARM_UPS, WINDOWS, WINDOW_SECONDS = 5, 5, 0.3

cuda = torch.cuda.is_available()
device = torch.device("cuda" if cuda else "cpu")


class Bottleneck(nn.Module):
    """Three convolutions around a shortcut (He et al., arXiv 1512.03385), the stride in the second one."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        outputs = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(inputs, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        same = inputs == outputs and stride == 1
        projection = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Identity() if same else projection
        self.relu = nn.ReLU(inplace=True)

    def forward(self, image):
        return self.relu(self.path(image) + self.shortcut(image))


def resnet50():
    """ResNet-50 with 25,557,032 parameters, as torchvision builds it."""
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for width, depth, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(depth):
            layers.append(Bottleneck(inputs, width, stride if block == 0 else 1))
            inputs = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))


def sources():
    """Where networks come from: (name of the source, names of networks, function that builds one)."""
    try:
        import torchvision

        return "torchvision", NETWORKS, lambda name: torchvision.models.get_model(name, weights=None)
    except Exception as missing:  # a torchvision of another PyTorch fails in its own ways
        print(f"no torchvision: {missing}", file=sys.stderr)
    try:
        import timm

        return "timm", NETWORKS, lambda name: timm.create_model(TIMM[name])
    except Exception as missing:
        print(f"no timm: {missing}; ResNet-50 alone is timed, of this script", file=sys.stderr)
    return "this script", ("resnet50",), lambda name: resnet50()


def wait():
    if cuda:
        torch.cuda.synchronize()


def window(network, image, runs):
    """Seconds of one inference, the mean of `runs` that are enqueued and awaited once."""
    start = time.perf_counter()
    for _ in range(runs):
        network(image)
    wait()
    return (time.perf_counter() - start) / runs


source, networks, build = sources()
for tf32 in (False, True) if cuda else (False,):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
    for name in networks:
        network = build(name).eval().to(device)
        for batch in (1, 64) if cuda else (1,):
            image = torch.randn(batch, 3, 224, 224, device=device)
            with torch.inference_mode():
                for _ in range(WARM_UPS):
                    network(image)
                wait()
                runs = max(1, round(WINDOW_SECONDS / window(network, image, 3)))
                times = [1000 * window(network, image, runs) for _ in range(WINDOWS)]
            print(
                json.dumps(
                    {
                        "framework": f"torch {torch.__version__}",
                        "from": source,
                        "device": torch.cuda.get_device_name() if cuda else "cpu",
                        "network": name,
                        "parameters": sum(one.numel() for one in network.parameters()),
                        "batch": batch,
                        "tf32": tf32,
                        "milliseconds": statistics.median(times),
                        "windows": times,
                    }
                ),
                flush=True,
            )
