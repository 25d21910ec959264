# The floors of the kernel: which file includes a header of a higher floor, and which object uses a symbol that a higher
# floor defines. floors.t asks.
package Floors;
use strict;
use warnings;
use Exporter qw(import);
use File::Find qw(find);
our @EXPORT_OK = qw(@FLOORS upward_includes upward_symbols environment);

# From the bottom. Rooms on one line are one floor.
our @FLOORS = ([qw(lib)], [qw(arch)], [qw(trace)], [qw(sync)], [qw(mm)], [qw(task)], [qw(boot test)]);

my %height;
for my $height (0 .. $#FLOORS) {
        $height{$_} = $height for @{ $FLOORS[$height] };
}

sub read_file {
        my ($path) = @_;
        open my $file, '<', $path or die "$path: $!\n";
        local $/;
        return scalar <$file>;
}

# The files below a folder whose names match, with the room of each.
sub files_in_rooms {
        my ($folder, $pattern) = @_;
        my @found;
        find({ no_chdir => 1, wanted => sub {
                push @found, [ $_, $1 ] if -f && /$pattern/ && m{^\Q$folder\E/(\w+)/} && exists $height{$1};
        } }, $folder);
        return sort { $a->[0] cmp $b->[0] } @found;
}

# Each #include, in any file of a room of $kernel, of a header above it, as in "FILE:LINE: includes HEADER, ROOM is
# above ROOM". Programs (user/) lie beside the floors. They may include what they like; the kernel includes nothing of
# theirs.
sub upward_includes {
        my ($kernel) = @_;
        my @wrong;
        for (files_in_rooms($kernel, qr/\.(?:[chS]|def|cpp)$/)) {
                my ($path, $room) = @$_;
                my $line = 0;
                for (split /\n/, read_file($path)) {
                        $line++;
                        my ($header, $of) = m{^\s*#\s*include\s+"((\w+)/[^"]+)"} or next;
                        next if $of ne 'user' && ($height{$of} // 0) <= $height{$room};
                        push @wrong, "$path:$line: includes $header, and $of/ is above $room/";
                }
        }
        return @wrong;
}

# The functions and variables that lib/environment.h declares: what every floor may use, wherever it is defined.
sub environment {
        my ($kernel) = @_;
        my $text = read_file("$kernel/lib/environment.h");
        $text =~ s{/\*.*?\*/}{}gs;
        $text =~ s/__attribute__\(\(.*?\)\)\)?\n//g;
        $text =~ s/^\s*#.*$//mg;
        return ($text =~ /(\w+)\s*\([^;{]*\)\s*;/g, $text =~ /^extern[^;(]*?(\w+);/mg);
}

# Where an object first uses a symbol, by the line numbers that it carries: "FILE:LINE".
sub place_of_use {
        my ($object, $symbol) = @_;
        for (`nm --line-numbers --undefined-only '$object'`) {
                return $1 if /^\s+U \Q$symbol\E\s+(\S+)/;
        }
        return $object;
}

# Each symbol that an object below $objects (one folder a room, as $kernel) leaves undefined and a higher floor defines,
# but for those of the environment: "FILE:LINE: uses SYMBOL of OBJECT, ROOM is above ROOM". Objects whose source is gone
# are left over from an earlier build. Yields a reference to these texts, and one to a hash whose keys are all symbols
# that the objects define.
sub upward_symbols {
        my ($kernel, $objects) = @_;
        my %allowed = map { $_ => 1 } environment($kernel);
        my (%defined, @undefined, @wrong);
        for (files_in_rooms($objects, qr/\.o$/)) {
                my ($object, $room) = @$_;
                next if !-e $object =~ s{^\Q$objects\E/(.*)\.o$}{$kernel/$1}r;
                for (`nm --extern-only '$object'`) {
                        my ($type, $symbol) = /(\w) (\S+)$/ or next;
                        push @undefined, [ $object, $room, $symbol ] if $type eq 'U';
                        $defined{$symbol} = [ $object, $room ] if $type ne 'U';
                }
        }
        for (@undefined) {
                my ($object, $room, $symbol) = @$_;
                my ($where, $of) = @{ $defined{$symbol} // next };
                next if $height{$of} <= $height{$room};
                push @wrong, place_of_use($object, $symbol) . ": uses $symbol of $where, and $of/ is above $room/"
                        if !$allowed{$symbol};
        }
        return (\@wrong, \%defined);
}

1;
