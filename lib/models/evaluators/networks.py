"""The networks of the original text-to-motion evaluator, under the parameter names of its public weights."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from lib.models.evaluators.words import CLASSES

WORD = 300
"""Width of a word vector."""
READ = 259
"""Features of a frame that are read: the four contacts at the end are cut off."""
UNIT = 4
"""Frames of a movement, what two convolutions of stride 2 leave one step of."""


class MovementConvEncoder(nn.Module):
    """Frames to movements, one for every four frames.

    Source: Guo et al. 2022 + text-to-motion: networks/modules.py (`MovementConvEncoder`).

    Args:
        input_size: features of a frame, without the contacts.
        hidden_size: channels between the two convolutions.
        output_size: width of a movement.

    Example:
        >>> MovementConvEncoder()(torch.zeros(2, 40, 259)).shape
        torch.Size([2, 10, 512])
    """

    def __init__(self, input_size: int = READ, hidden_size: int = 512, output_size: int = 512) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv1d(input_size, hidden_size, 4, 2, 1),
            nn.Dropout(0.2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(hidden_size, output_size, 4, 2, 1),
            nn.Dropout(0.2),
            nn.LeakyReLU(0.2),
        )
        self.out_net = nn.Linear(output_size, output_size)
        self.apply(_begin)

    def forward(self, features: Tensor) -> Tensor:
        """Movements (B, T/4, output_size) of normalised features (B, T, input_size), T a multiple of 4."""
        movements: Tensor = self.out_net(self.main(features.transpose(1, 2)).transpose(1, 2))
        return movements


class MovementConvDecoder(nn.Module):
    """Movements back to frames, contacts included: only for training the encoder.

    Source: text-to-motion: networks/modules.py (`MovementConvDecoder`).

    Args:
        input_size: width of a movement.
        hidden_size: channels between the two convolutions.
        output_size: features of a frame.

    Example:
        >>> MovementConvDecoder()(torch.zeros(2, 10, 512)).shape
        torch.Size([2, 40, 263])
    """

    def __init__(self, input_size: int = 512, hidden_size: int = 512, output_size: int = 263) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose1d(input_size, hidden_size, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.ConvTranspose1d(hidden_size, output_size, 4, 2, 1),
            nn.LeakyReLU(0.2),
        )
        self.out_net = nn.Linear(output_size, output_size)
        self.apply(_begin)

    def forward(self, movements: Tensor) -> Tensor:
        """Normalised features (B, 4 T, output_size) of movements (B, T, input_size)."""
        frames: Tensor = self.out_net(self.main(movements.transpose(1, 2)).transpose(1, 2))
        return frames


class TextEncoderBiGRUCo(nn.Module):
    """A caption's words to a latent: a recurrent network reads them both ways, and its two last states are mapped.

    Source: Guo et al. 2022 + text-to-motion: networks/modules.py (`TextEncoderBiGRUCo`). Differs: captions come in any
    order and their latents are in that order; the public code wants the longest first.

    Args:
        word_size: width of a word vector.
        pos_size: classes of words.
        hidden_size: width of the recurrent network, one way.
        output_size: width of the latent.

    Example:
        >>> TextEncoderBiGRUCo()(torch.zeros(2, 22, 300), torch.zeros(2, 22, 15), [3, 7]).shape
        torch.Size([2, 512])
    """

    def __init__(
        self, word_size: int = WORD, pos_size: int = len(CLASSES), hidden_size: int = 512, output_size: int = 512
    ) -> None:
        super().__init__()
        self.pos_emb = nn.Linear(pos_size, word_size)
        self.input_emb = nn.Linear(word_size, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size, batch_first=True, bidirectional=True)
        self.output_net = _output(hidden_size, output_size)
        self.hidden = nn.Parameter(torch.randn(2, 1, hidden_size))
        self.apply(_begin)

    def forward(self, word_vectors: Tensor, pos_onehot: Tensor, lengths: Tensor | Sequence[int]) -> Tensor:
        """Latents (B, output_size), in the order of the captions.

        Args:
            word_vectors: (B, L, word_size).
            pos_onehot: (B, L, pos_size), the class of each word.
            lengths: (B,) words of each caption, 1 to L; what comes after them is not read.
        """
        read = self.input_emb(word_vectors + self.pos_emb(pos_onehot))
        latents: Tensor = self.output_net(_last_states(self.gru, read, lengths, self.hidden))
        return latents


class MotionEncoderBiGRUCo(nn.Module):
    """A motion's movements to a latent, as `TextEncoderBiGRUCo` reads words.

    Source: Guo et al. 2022 + text-to-motion: networks/modules.py (`MotionEncoderBiGRUCo`). Differs: motions come in any
    order and their latents are in that order; the public code wants the longest first.

    Args:
        input_size: width of a movement.
        hidden_size: width of the recurrent network, one way.
        output_size: width of the latent.

    Example:
        >>> MotionEncoderBiGRUCo()(torch.zeros(2, 10, 512), [4, 10]).shape
        torch.Size([2, 512])
    """

    def __init__(self, input_size: int = 512, hidden_size: int = 1024, output_size: int = 512) -> None:
        super().__init__()
        self.input_emb = nn.Linear(input_size, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size, batch_first=True, bidirectional=True)
        self.output_net = _output(hidden_size, output_size)
        self.hidden = nn.Parameter(torch.randn(2, 1, hidden_size))
        self.apply(_begin)

    def forward(self, movements: Tensor, lengths: Tensor | Sequence[int]) -> Tensor:
        """Latents (B, output_size), in the order of the motions.

        Args:
            movements: (B, L, input_size).
            lengths: (B,) movements of each motion, a quarter of its frames, 1 to L; those after them are not read.
        """
        latents: Tensor = self.output_net(_last_states(self.gru, self.input_emb(movements), lengths, self.hidden))
        return latents


def _output(hidden_size: int, output_size: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(2 * hidden_size, hidden_size),
        nn.LayerNorm(hidden_size),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden_size, output_size),
    )


def _last_states(gru: nn.GRU, sequences: Tensor, lengths: Tensor | Sequence[int], hidden: Tensor) -> Tensor:
    """The states (B, 2 H) after the last step forwards and after the first step backwards, in the order given."""
    counts = torch.as_tensor(lengths, dtype=torch.int64).cpu()
    packed = pack_padded_sequence(sequences, counts, batch_first=True, enforce_sorted=False)
    _, last = gru(packed, hidden.repeat(1, len(sequences), 1))
    return torch.cat([last[0], last[1]], dim=-1)


def _begin(module: nn.Module) -> None:
    if isinstance(module, nn.Conv1d | nn.ConvTranspose1d | nn.Linear):
        nn.init.xavier_normal_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
