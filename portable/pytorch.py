"""Times eager PyTorch in float32, without and with TF32, as a yardstick beside flopscope's records; prints JSON lines."""

import json
import statistics
import sys
import time

try:
    import torch
    import torchvision
except ImportError as missing:
    sys.exit(f"PyTorch is not timed: {missing}")

NETWORKS = ("resnet50", "densenet121", "densenet201", "mobilenet_v2")
WARM_UPS, WINDOWS, WINDOW_SECONDS = 5, 5, 0.3

cuda = torch.cuda.is_available()
device = torch.device("cuda" if cuda else "cpu")


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


for tf32 in (False, True) if cuda else (False,):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
    for name in NETWORKS:
        network = torchvision.models.get_model(name, weights=None).eval().to(device)
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
                        "device": torch.cuda.get_device_name() if cuda else "cpu",
                        "network": name,
                        "batch": batch,
                        "tf32": tf32,
                        "milliseconds": statistics.median(times),
                        "windows": times,
                    }
                ),
                flush=True,
            )
