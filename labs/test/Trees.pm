# The trees of the steps, for tests: written by labs/flat-tree, built with the compiler's results kept, one test at a
# time.
#
#       use lib dirname(__FILE__);
#       use Trees qw(tree);
#       my $folder = tree('2a', 'solution');            # or 'starter'; dies with what make said
#
# A step's tree has almost all files in common with the next one's. ccache finds that out: the first tree takes half a
# minute on two cores, each other one a few seconds. Without ccache each takes half a minute.
package Trees;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use Fcntl qw(:flock);
use File::Basename qw(dirname);
use File::Path qw(make_path);
our @EXPORT_OK = qw(tree);

my $top = abs_path(dirname(__FILE__) . '/../..');
my $compilers = '/usr/lib/ccache';              # where Debian has ccache under the names of the compilers

sub tree {
        my ($step, $variant) = @_;
        my $build = abs_path($ENV{BUILD} // 'build');
        my $path = "$build/steps/$step/$variant";

        make_path("$build/steps/$step");
        open my $lock, '>', "$path.lock" or die "$path.lock: $!\n";
        flock $lock, LOCK_EX or die "$path.lock: $!\n";
        # Results are kept below the build folder, and do not depend on the folder that they were made in.
        local $ENV{CCACHE_DIR} = "$build/ccache";
        local $ENV{CCACHE_NOHASHDIR} = 1;
        local $ENV{PATH} = -d $compilers ? "$compilers:$ENV{PATH}" : $ENV{PATH};
        local $ENV{CI} = 'true';                # a warning is an error here
        delete local @ENV{qw(MAKEFLAGS MAKELEVEL)};
        my $starter = $variant eq 'starter' ? '--starter' : '';
        my $said = `'$top/labs/flat-tree' $starter $step '$path' 2>&1 && make --no-print-directory -j2 -C '$path' BUILD=build gradable 2>&1`;
        die "$path cannot be built:\n$said" if $?;
        return $path;
}

1;
