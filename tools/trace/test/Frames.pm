# Frames of a stream and what they are made of, as docs/trace-format.md alone has them.
package Frames;
use strict;
use warnings;
use Exporter qw(import);
our @EXPORT_OK = qw(bodies varint);

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

1;
