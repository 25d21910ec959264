# Frames of a stream and what they are made of, as docs/trace-format.md alone has them.
package Frames;
use strict;
use warnings;
use Exporter qw(import);
our @EXPORT_OK = qw(bodies crc32c frame uncobs varint varint_of);

sub crc32c {
        my ($bytes) = @_;
        my $crc = 0xffffffff;
        our @table;
        unless (@table) {
                for my $byte (0 .. 255) {
                        my $r = $byte;
                        $r = $r & 1 ? $r >> 1 ^ 0x82f63b78 : $r >> 1 for 1 .. 8;
                        push @table, $r;
                }
        }
        $crc = $crc >> 8 ^ $table[($crc ^ $_) & 0xff] for unpack 'C*', $bytes;
        return $crc ^ 0xffffffff;
}

sub uncobs {
        my ($in) = @_;
        my $out = '';
        while (length $in) {
                my $code = ord $in;
                return if $code > length $in;
                $out .= substr $in, 1, $code - 1;
                $in = substr $in, $code;
                $out .= "\0" if $code < 255 && length $in;
        }
        return $out;
}

# A number, taken off the front of a body.
sub varint {
        my ($body) = @_;
        my ($value, $shift) = (0, 0);
        for (;;) {
                my $byte = ord substr $$body, 0, 1, '';
                $value |= ($byte & 0x7f) << $shift;
                return $value if $byte < 0x80;
                $shift += 7;
        }
}

# The bodies of a stream's frames, without their checksums, which are right.
sub bodies {
        my ($stream) = @_;
        my @bodies;
        for my $encoded (split /\0/, $stream) {
                next unless length $encoded;
                my $body = uncobs($encoded);
                die "no COBS" unless defined $body;
                my $crc = unpack 'V', substr $body, -4, 4, '';
                die "bad checksum" unless $crc == crc32c($body);
                push @bodies, $body;
        }
        return @bodies;
}

sub varint_of {
        my ($value) = @_;
        my $bytes = '';
        for (; $value >= 0x80; $value >>= 7) {
                $bytes .= chr($value & 0x7f | 0x80);
        }
        return $bytes . chr $value;
}

# A frame as it is on the line, with a zero byte on either side, of a body that has no checksum yet.
sub frame {
        my ($body) = @_;
        my $encoded = '';
        for my $run (split /\0/, $body . pack('V', crc32c($body)), -1) {
                while (length $run >= 254) {
                        $encoded .= "\xff" . substr $run, 0, 254, '';
                }
                $encoded .= chr(1 + length $run) . $run;
        }
        return "\0$encoded\0";
}

1;
