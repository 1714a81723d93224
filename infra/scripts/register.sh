#!/bin/sh
# Registers the application that people sign in to, for deployments that may not do it themselves
# (SYNCWARDEN_REGISTER_APPLICATION=false). It is the one of graph/api-application.bicep, under the same key.
#
# Needs Azure CLI, signed in (az login) to the tenant as somebody who may register applications: Application Developer.
# May be run again.
set -eu

usage() {
  cat >&2 <<'TEXT'
sh register.sh --name <key> --host <host name> --reader <object id>
  --name    key of the application, as azd has printed it
  --host    host name of the app
  --reader  service principal of the identity that reads
TEXT
  exit 64
}

fail() {
  echo "$1" >&2
  exit 1
}

name='' host='' reader=''
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case $1 in
    --name) name=$2 ;;
    --host) host=$2 ;;
    --reader) reader=$2 ;;
    *) usage ;;
  esac
  shift 2
done
if [ -z "$name" ] || [ -z "$host" ] || [ -z "$reader" ]; then usage; fi
case $name in *[!0-9a-z-]*) fail "$name is no key." ;; esac
case $host in *[!0-9a-zA-Z.-]*) fail "$host is no host name." ;; esac
case $reader in *[!0-9a-fA-F-]*) fail "$reader is no id." ;; esac

microsoft_graph=https://graph.microsoft.com/v1.0
app_roles=$(cat "$(dirname "$0")/../graph/app-roles.json")
tenant=$(az account show --query tenantId --output tsv | tr -d '\r')
[ -n "$tenant" ] || fail 'Sign in first: az login'

# Creates what is not there, and sets what is. https://learn.microsoft.com/graph/api/application-upsert
upsert() {
  az rest --method PATCH --url "$microsoft_graph/$1" --headers Content-Type=application/json Prefer=create-if-missing \
    --body "$2" --output none || fail "Microsoft Graph refused: $1"
}

application="applications(uniqueName='$name')"
upsert "$application" "{
  \"displayName\": \"Syncwarden\",
  \"signInAudience\": \"AzureADMyOrg\",
  \"identifierUris\": [\"api://$tenant/$name\"],
  \"appRoles\": $app_roles,
  \"api\": {
    \"requestedAccessTokenVersion\": 2,
    \"oauth2PermissionScopes\": [{
      \"id\": \"c938945e-b57d-4d9c-aba5-419f924d19df\",
      \"value\": \"user_impersonation\",
      \"type\": \"Admin\",
      \"isEnabled\": true,
      \"adminConsentDisplayName\": \"Use Syncwarden\",
      \"adminConsentDescription\": \"Lets a program call Syncwarden as the person who has signed in, with that person's app roles.\"
    }],
    \"preAuthorizedApplications\": [{
      \"appId\": \"04b07795-8ddb-461a-bbee-02f9e1bf7b46\",
      \"delegatedPermissionIds\": [\"c938945e-b57d-4d9c-aba5-419f924d19df\"]
    }]
  },
  \"web\": {
    \"homePageUrl\": \"https://$host/api/report\",
    \"redirectUris\": [\"https://$host/.auth/login/aad/callback\"],
    \"implicitGrantSettings\": { \"enableAccessTokenIssuance\": false, \"enableIdTokenIssuance\": true }
  }
}"
upsert "$application/federatedIdentityCredentials(name='app-service-authentication')" "{
  \"description\": \"App Service Authentication signs people in with the identity that reads, in place of a secret.\",
  \"audiences\": [\"api://AzureADTokenExchange\"],
  \"issuer\": \"https://login.microsoftonline.com/$tenant/v2.0\",
  \"subject\": \"$reader\"
}"
client=$(az rest --method GET --url "$microsoft_graph/$application" --query appId --output tsv | tr -d '\r')
[ -n "$client" ] || fail 'Microsoft Graph did not say the client id of the application.'
upsert "servicePrincipals(appId='$client')" '{ "appRoleAssignmentRequired": true }'

cat <<TEXT
Registered: $client
The deployer goes on with:
  azd env set SYNCWARDEN_REGISTER_APPLICATION false
  azd env set SYNCWARDEN_AUTH_CLIENT_ID $client
  azd up
TEXT
