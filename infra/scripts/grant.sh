#!/bin/sh
# Grants the identities of Syncwarden what they need in this tenant, and lets its first administrator in.
#
# Needs Azure CLI, signed in (az login) to the tenant as somebody who may: Privileged Role Administrator. Azure Cloud
# Shell has it. What is granted already is left alone, so the script may be run again. It takes nothing away.
set -eu

usage() {
  cat >&2 <<'TEXT'
sh grant.sh --reader <object id> [--exchange] [--writer <object id> --repair <controls>]
            [--api <client id> [--administrator <object id>]]
  --reader         service principal of the identity that reads
  --exchange       also what reading Exchange itself takes, and repairing it if there is a writer
  --writer         service principal of the identity that writes
  --repair         controls that it may repair, separated by commas
  --api            application that people sign in to
  --administrator  person or group that becomes Syncwarden.Admin
TEXT
  exit 64
}

fail() {
  echo "$1" >&2
  exit 1
}

reader='' writer='' repair='' exchange='' api='' administrator=''
while [ $# -gt 0 ]; do
  case $1 in
    --exchange) exchange=yes && shift && continue ;;
    --reader | --writer | --repair | --api | --administrator) [ $# -ge 2 ] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --reader) reader=$2 ;;
    --writer) writer=$2 ;;
    --repair) repair=$2 ;;
    --api) api=$2 ;;
    --administrator) administrator=$2 ;;
  esac
  shift 2
done
[ -n "$reader" ] || usage
[ -z "$writer" ] || [ -n "$repair" ] || usage
[ -z "$administrator" ] || [ -n "$api" ] || usage
for id in $reader $writer $api $administrator; do
  case $id in *[!0-9a-fA-F-]*) fail "$id is no id." ;; esac
done

# The same lists as graph/permissions.json and graph/app-roles.json; a test compares them.
permissions() {
  cat <<'LIST'
read graph 134fd756-38ce-4afd-ba33-e9623dbe66c2 AdministrativeUnit.Read.All impersonation
read graph 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30 Application.Read.All consent,impersonation
read graph 7ab1d382-f21e-4acd-a863-ba3e13f7da61 Directory.Read.All consent
read graph dbb9058a-0e50-45d7-ae91-66909b5d4664 Domain.Read.All password-expiry
read graph 07d67222-3a10-4d3b-9ddc-b8aa43198a00 Group.ReadBasic.All impersonation
read graph 8222c640-cae5-4860-8d11-b32cfad95e03 GroupMember.ReadBasic.All impersonation
read graph e2f98668-2877-4f38-a2f4-8202e0717aa1 LicenseAssignment.Read.All license
read graph 913b9306-0ce1-42b8-9137-6a7df690a760 Place.Read.All impersonation
read graph c769435f-f061-4d0b-8ff1-3d39870e5f85 RoleManagement.Read.Exchange impersonation
read graph df021288-bdef-4463-88db-98f22de89214 User.Read.All account,password-expiry,license,consent,impersonation,ews-access
read exchange dc50a0fb-09a3-484d-be87-e023b12c6440 Exchange.ManageAsApp account,impersonation,rooms,ews-access
write graph 06b708a9-e830-4db3-a914-8e69da51d44f AppRoleAssignment.ReadWrite.All consent
write graph 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30 Application.Read.All consent
write graph 8e8e4742-1d95-4f68-9d56-6ee75648c72a DelegatedPermissionGrant.ReadWrite.All consent
write graph 5facf0c1-8979-4e95-abcf-ff3d079771c0 LicenseAssignment.ReadWrite.All license
write graph 025d3225-3f02-4882-b4c0-cd5b541a4e80 RoleManagement.ReadWrite.Exchange impersonation
write graph eccc023d-eccf-4e7b-9683-8813ab36cecc User.DeleteRestore.All account
write graph 3011c876-62b7-4ada-afa2-506cbbecc68c User.EnableDisableAccount.All account
write graph df021288-bdef-4463-88db-98f22de89214 User.Read.All account
write graph 741f803b-c850-494e-b5df-cde7c675a1ca User.ReadWrite.All password-expiry,license
write exchange dc50a0fb-09a3-484d-be87-e023b12c6440 Exchange.ManageAsApp impersonation,rooms,ews-access
LIST
}
# What App Service Authentication asks for.
sign_in_scopes='openid profile email'
administrator_role=857e682b-1525-42ff-8346-205b8fc08e16

microsoft_graph=https://graph.microsoft.com/v1.0

# Reads one value, or one per line. Azure CLI on Windows ends lines with a carriage return.
read_graph() {
  answer=$(az rest --method GET --url "$microsoft_graph/$1" --query "$2" --output tsv </dev/null) || fail "Microsoft Graph could not be read: $1"
  printf '%s' "$answer" | tr -d '\r'
}

# change_graph <method> <address> <body>
change_graph() {
  az rest --method "$1" --url "$microsoft_graph/$2" --headers Content-Type=application/json --body "$3" --output none </dev/null ||
    fail "Microsoft Graph refused: $2"
}

service_principal_of() {
  read_graph "servicePrincipals(appId='$1')" id
}

# Whether one of the controls in $1 is among those that are to be repaired.
is_repaired() {
  before=$IFS
  IFS=,
  for control in $1; do
    case ",$repair," in *",$control,"*) IFS=$before && return 0 ;; esac
  done
  IFS=$before
  return 1
}

# assign <principal> <resource> <app role> <name>
assign() {
  if printf '%s\n' "$held" | grep -qi "^$2:$3\$"; then
    echo "  $4: granted already"
    return
  fi
  change_graph POST "servicePrincipals/$2/appRoleAssignedTo" "{\"principalId\":\"$1\",\"resourceId\":\"$2\",\"appRoleId\":\"$3\"}"
  echo "  $4: granted"
}

# grant <read|write> <principal>
grant() {
  echo "The identity that ${1}s ($2):"
  held=$(read_graph "servicePrincipals/$2/appRoleAssignments?\$top=999" "value[].join(':', [resourceId, appRoleId])")
  permissions | while read -r purpose resource id name controls; do
    [ "$purpose" = "$1" ] || continue
    [ "$purpose" = read ] || is_repaired "$controls" || continue
    case $resource in
      graph) assign "$2" "$graph_id" "$id" "$name" ;;
      exchange) [ -z "$exchange" ] || assign "$2" "$exchange_id" "$id" "$name" ;;
    esac
  done
}

# An application that asks for an assignment cannot be consented to by people themselves.
let_people_in() {
  echo "Sign-in ($api):"
  api_id=$(service_principal_of "$api")
  consent=$(read_graph "servicePrincipals/$api_id/oauth2PermissionGrants" "value[?consentType=='AllPrincipals' && resourceId=='$graph_id'].join(' ', [id, scope])")
  scopes=${consent#* } missing=''
  for scope in $sign_in_scopes; do
    case " $scopes " in *" $scope "*) ;; *) missing="$missing $scope" ;; esac
  done
  if [ -z "$consent" ]; then
    change_graph POST oauth2PermissionGrants "{\"clientId\":\"$api_id\",\"consentType\":\"AllPrincipals\",\"resourceId\":\"$graph_id\",\"scope\":\"$sign_in_scopes\"}"
    echo '  consent: granted'
  elif [ -n "$missing" ]; then
    change_graph PATCH "oauth2PermissionGrants/${consent%% *}" "{\"scope\":\"$scopes$missing\"}"
    echo "  consent: granted$missing as well"
  else
    echo '  consent: granted already'
  fi
  [ -n "$administrator" ] || return 0
  held=$(read_graph "servicePrincipals/$api_id/appRoleAssignedTo?\$top=999" "value[?principalId=='$administrator'].join(':', [resourceId, appRoleId])")
  assign "$administrator" "$api_id" "$administrator_role" "Syncwarden.Admin for $administrator"
}

# Names of the roles in Exchange with which the chosen controls can be repaired, quoted for PowerShell.
exchange_roles() {
  while read -r control role; do
    is_repaired "$control" || continue
    printf "%s'%s'" "${separator-}" "$role"
    separator=', '
  done <<'LIST'
impersonation Role Management
rooms Mail Recipients
ews-access Organization Configuration
LIST
}

# say_role_group <reader|writer> <principal> <roles>
say_role_group() {
  app_id=$(read_graph "servicePrincipals/$2" appId)
  cat <<TEXT
  \$$1 = New-ServicePrincipal -AppId $app_id -ObjectId $2 -DisplayName 'Syncwarden $1'
  New-RoleGroup -Name 'Syncwarden ${1}s' -Roles $3
  Add-RoleGroupMember -Identity 'Syncwarden ${1}s' -Member \$$1.Identity
TEXT
}

# Exchange.ManageAsApp allows nothing by itself: a role in Exchange does, and only its own PowerShell gives a narrow one.
say_exchange_steps() {
  echo 'Left to do in Exchange Online PowerShell, so that the identities may do there what they are for:'
  echo '  Connect-ExchangeOnline'
  say_role_group reader "$reader" "'View-Only Configuration', 'View-Only Recipients'"
  [ -n "$writer" ] || return 0
  roles=$(exchange_roles)
  [ -z "$roles" ] || say_role_group writer "$writer" "$roles"
}

# A name that is misspelt would be left out without a word.
for control in $(echo "$repair" | tr ',' ' '); do
  permissions | grep -Eq "^write .*[ ,]$control(,|\$)" || fail "$control is no control that can be repaired."
done

graph_id=$(service_principal_of 00000003-0000-0000-c000-000000000000)
[ -z "$exchange" ] || exchange_id=$(service_principal_of 00000002-0000-0ff1-ce00-000000000000)
grant read "$reader"
[ -z "$writer" ] || grant write "$writer"
[ -z "$api" ] || let_people_in
[ -z "$exchange" ] || say_exchange_steps
echo 'Done. Permissions may take some minutes to be in new tokens.'
